//! Workers: whose they are, how many, how long.

use crate::support::{pool, request, settings, three};
use pmos_jail::{Form, JailError, Pool, Settings};
use std::time::Duration;

async fn quick(pool: &Pool, key: &str) {
    pool.run(key, request(Form::AllItems, &["return 1"], &three())).await.unwrap();
}

/// A worker serves one key again and again, and no other.
#[tokio::test]
async fn a_worker_belongs_to_one_key() {
    let pool = pool();
    for _ in 0..3 {
        quick(&pool, "a").await;
    }
    assert_eq!(pool.workers(), 1);
    quick(&pool, "b").await;
    assert_eq!(pool.workers(), 2);
}

/// Where all places are taken, the worker that was idle longest goes.
#[tokio::test]
async fn the_longest_idle_worker_makes_room() {
    let pool = Pool::new(Settings { total: 2, ..settings() });
    for key in ["a", "b", "c", "a"] {
        quick(&pool, key).await;
        assert!(pool.workers() <= 2);
    }
}

/// A key has two workers at most: a third request waits, and gives up after a while.
#[tokio::test]
async fn a_key_waits_for_its_own_workers() {
    let pool = Pool::new(Settings { wait: Duration::from_millis(300), ..settings() });
    let slow =
        || pool.run("a", request(Form::AllItems, &["await new Promise(done => setTimeout(done, 1500))"], &three()));
    let (first, second, third, other) = tokio::join!(slow(), slow(), slow(), async {
        quick(&pool, "b").await;
    });
    let busy = [first, second, third].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert_eq!((busy, other), (vec![JailError::Busy], ()));
    assert_eq!(pool.workers(), 3);
}

/// Idle workers end after a while.
#[tokio::test]
async fn idle_workers_end() {
    let pool = Pool::new(Settings { idle: Duration::from_millis(200), ..settings() });
    quick(&pool, "a").await;
    assert_eq!(pool.workers(), 1);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(pool.workers(), 0);
    quick(&pool, "a").await;
}

/// A worker that met a limit is killed; the next request has a new one.
#[tokio::test]
async fn a_worker_that_met_a_limit_is_killed() {
    let pool = pool();
    let mut endless = request(Form::AllItems, &["while (true) {}"], &three());
    endless.limits.time_ms = 100;
    pool.run("a", endless).await.unwrap_err();
    assert_eq!(pool.workers(), 0);
    quick(&pool, "a").await;
}

/// A request that nobody waits for any more takes its worker with it.
#[tokio::test]
async fn a_dropped_request_kills_its_worker() {
    let pool = pool();
    let endless = pool.run("a", request(Form::AllItems, &["while (true) {}"], &three()));
    tokio::time::timeout(Duration::from_millis(200), endless).await.unwrap_err();
    assert_eq!(pool.workers(), 0);
    quick(&pool, "a").await;
}

/// A program that is no worker is refused with a reason.
#[tokio::test]
async fn what_is_no_worker_is_refused() {
    let missing = Pool::new(Settings { program: "/no/such/program".into(), ..settings() });
    let error = missing.run("a", request(Form::AllItems, &["return 1"], &three())).await.unwrap_err();
    assert!(matches!(error, JailError::Unavailable(_)), "{error}");
    let silent = Pool::new(Settings { program: "/bin/true".into(), ..settings() });
    assert_eq!(silent.run("a", request(Form::AllItems, &["return 1"], &three())).await.unwrap_err(), JailError::Died);
}
