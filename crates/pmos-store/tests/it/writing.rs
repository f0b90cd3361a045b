//! What a write promises, to whoever makes it and to those who write at the same time.

use crate::support::{World, insert, on_postgres};
use futures_util::FutureExt;
use futures_util::future::join_all;
use pmos_kit::Error;
use pmos_store::{args, global_sql, sql};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Those who write at the same moment share the wait for the disk.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writers_share_commits() {
    let world = World::new().await;
    let counters = world.store.counters();
    let (writes, commits) = (counters.writes.load(Ordering::Relaxed), counters.commits.load(Ordering::Relaxed));
    let names: Vec<String> = (0..64).map(|number| format!("agent-{number:02}")).collect();
    for written in join_all(names.iter().map(|name| world.add(&world.a, name))).await {
        written.unwrap();
    }
    assert_eq!(world.names(&world.a).await, names);
    let writes = counters.writes.load(Ordering::Relaxed) - writes;
    let commits = counters.commits.load(Ordering::Relaxed) - commits;
    assert_eq!(writes, 64);
    // PostgreSQL groups the commits of its connections by itself.
    assert!(on_postgres() || writes / commits >= 8, "{writes} writes took {commits} commits");
}

/// A handler that fails leaves nothing behind, and takes nothing from those who share its commit.
#[tokio::test(flavor = "multi_thread")]
async fn a_failing_handler_rolls_back_itself_alone() {
    let world = World::new().await;
    let attempts = (0..32).map(|number| {
        world.write(&world.a, move |scope| {
            async move {
                insert(scope, &format!("agent-{number:02}")).await?;
                if number % 2 == 1 { Err(Error::conflict("odd")) } else { Ok(()) }
            }
            .boxed()
        })
    });
    let outcomes = join_all(attempts).await;
    assert!(outcomes.iter().enumerate().all(|(number, outcome)| outcome.is_ok() == (number % 2 == 0)));
    let even: Vec<String> = (0..32).step_by(2).map(|number| format!("agent-{number:02}")).collect();
    assert_eq!(world.names(&world.a).await, even);
}

/// A handler that panics is answered like one that fails, and its neighbours do not notice.
#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_handler_does_not_harm_its_neighbours() {
    let world = World::new().await;
    let panicking = world.write(&world.a, |scope| {
        async move {
            insert(scope, "half done").await?;
            if scope.now() > 0 {
                panic!("on purpose");
            }
            Ok(())
        }
        .boxed()
    });
    let (before, panicked, after) =
        futures_util::join!(world.add(&world.a, "before"), panicking, world.add(&world.b, "after"));
    assert_eq!(panicked.unwrap_err().code(), "INTERNAL");
    before.and(after).unwrap();
    assert_eq!(
        (world.names(&world.a).await, world.names(&world.b).await),
        (vec!["before".into()], vec!["after".into()])
    );
    world.add(&world.a, "later").await.unwrap();
}

/// PostgreSQL gives a transaction up with its first failed statement, so on both databases going on is no success.
#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_swallows_a_statements_error_fails() {
    let world = World::new().await;
    world.add(&world.a, "taken").await.unwrap();
    let swallowing = world.write(&world.a, |scope| {
        async move {
            insert(scope, "first").await?;
            assert_eq!(insert(scope, "taken").await.unwrap_err().code(), "CONFLICT");
            Ok(())
        }
        .boxed()
    });
    assert_eq!(swallowing.await.unwrap_err().code(), "INTERNAL");
    assert_eq!(world.names(&world.a).await, ["taken"]);
}

/// A second row with the same key is a conflict, and a reference to nothing is not found, on both databases.
#[tokio::test(flavor = "multi_thread")]
async fn constraints_are_told_in_the_same_words_on_both_databases() {
    let world = World::new().await;
    world.add(&world.a, "taken").await.unwrap();
    assert_eq!(world.add(&world.a, "taken").await.unwrap_err().code(), "CONFLICT");
    world.add(&world.b, "taken").await.unwrap();
    let dangling = world.write(&world.a, |scope| {
        async move {
            let file = sql!(
                "INSERT INTO agent_files (workspace_id, agent_id, path, content, size_bytes, updated_at)
                 VALUES ($1, 'agt_none', 'x', '', 0, 1)"
            );
            scope.run(file, args![]).await
        }
        .boxed()
    });
    assert_eq!(dangling.await.unwrap_err().code(), "NOT_FOUND");
}

/// A reference cannot reach into another workspace, though the row that it names is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_reference_stays_in_its_workspace() {
    let world = World::new().await;
    world.add(&world.a, "of a").await.unwrap();
    let agent: String = world
        .store
        .global()
        .one(global_sql!(Platform, "SELECT id FROM agents WHERE name = 'of a'"), args![])
        .await
        .unwrap();
    let reaching = world.write(&world.b, move |scope| {
        async move {
            let file = sql!(
                "INSERT INTO agent_files (workspace_id, agent_id, path, content, size_bytes, updated_at)
                 VALUES ($1, $2, 'x', '', 0, 1)"
            );
            scope.run(file, args![agent]).await
        }
        .boxed()
    });
    assert_eq!(reaching.await.unwrap_err().code(), "NOT_FOUND");
}

/// Events and what else is to follow are told only of what was committed.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_committed_has_no_effects() {
    let world = World::new().await;
    let write = |fails: bool| {
        let grant = world.store.admit_work(&world.a.workspace, &world.a.person);
        let (told, heard) = std::sync::mpsc::channel::<()>();
        let store = world.store.clone();
        async move {
            let written = store.write(
                grant.await.unwrap(),
                Box::new(move |scope| {
                    async move {
                        scope.publish("agents.changed", &"x", pmos_store::Audience::ALL)?;
                        scope.then(move || told.send(()).unwrap());
                        if fails { Err(Error::conflict("no")) } else { Ok(()) }
                    }
                    .boxed()
                }),
            );
            let effects = written.await.map(|(_, effects)| effects);
            let events = effects.map_or(0, |effects| {
                effects.then.into_iter().for_each(|then| (then.0)());
                effects.events.len()
            });
            (events, heard.try_recv().is_ok())
        }
    };
    assert_eq!(write(true).await, (0, false));
    assert_eq!(write(false).await, (1, true));
}

/// A caller that goes away does not tear what it asked for: it is committed as a whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_outlives_its_caller() {
    let world = World::new().await;
    let grant = world.store.admit_work(&world.a.workspace, &world.a.person).await.unwrap();
    let mut write = world
        .store
        .write(
            grant,
            Box::new(|scope| {
                async move {
                    insert(scope, "first").await?;
                    insert(scope, "second").await
                }
                .boxed()
            }),
        )
        .boxed();
    // Asked for, and given up at once.
    assert!((&mut write).now_or_never().is_none_or(|written| written.is_ok()));
    drop(write);
    for _ in 0..100 {
        let names = world.names(&world.a).await;
        if !names.is_empty() {
            assert_eq!(names, ["first", "second"]);
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the write was lost with its caller");
}
