//! Sorting as JavaScript's engine sorts.

/// Shorter runs are lengthened by inserting, as V8 does: up to here even a comparison that contradicts itself (numbers
/// against text, missing values) gives V8's order.
const SHORTEST_RUN: usize = 64;

/// Sorts stably by `less`, which may contradict itself or fail: the result is then some order of the same elements, the
/// first error is returned.
///
/// Runs that are there already are used; each is merged with its neighbour: n log n calls of `less` at most.
pub fn sort_by<T: Copy, E>(list: &mut [T], mut less: impl FnMut(T, T) -> Result<bool, E>) -> Result<(), E> {
    let shortest = shortest_run(list.len());
    let mut ends = Vec::new();
    let mut start = 0;
    while start < list.len() {
        let sorted = run(&mut list[start..], &mut less)?;
        let end = start + sorted.max(shortest).min(list.len() - start);
        insert(&mut list[start..end], sorted, &mut less)?;
        ends.push(end);
        start = end;
    }
    let mut spare = Vec::with_capacity(list.len() / 2);
    while ends.len() > 1 {
        let mut merged = Vec::with_capacity(ends.len().div_ceil(2));
        let mut start = 0;
        for pair in ends.chunks(2) {
            let end = pair[pair.len() - 1];
            if pair.len() == 2 {
                merge(&mut list[start..end], pair[0] - start, &mut spare, &mut less)?;
            }
            merged.push(end);
            start = end;
        }
        ends = merged;
    }
    Ok(())
}

/// The length to which short runs are brought: lists of up to 64 are one run, longer ones an even number of them.
fn shortest_run(mut length: usize) -> usize {
    let mut odd = 0;
    while length >= SHORTEST_RUN {
        odd |= length & 1;
        length >>= 1;
    }
    length + odd
}

/// How long the run at the start of a list is. One that descends is turned around.
fn run<T: Copy, E>(list: &mut [T], less: &mut impl FnMut(T, T) -> Result<bool, E>) -> Result<usize, E> {
    if list.len() < 2 {
        return Ok(list.len());
    }
    let descends = less(list[1], list[0])?;
    let mut end = 2;
    while end < list.len() && less(list[end], list[end - 1])? == descends {
        end += 1;
    }
    if descends {
        list[..end].reverse();
    }
    Ok(end)
}

/// Inserts the elements from `sorted` on into the sorted ones before them.
fn insert<T: Copy, E>(list: &mut [T], sorted: usize, less: &mut impl FnMut(T, T) -> Result<bool, E>) -> Result<(), E> {
    for at in sorted..list.len() {
        let (pivot, mut left, mut right) = (list[at], 0, at);
        while left < right {
            let middle = left + (right - left) / 2;
            if less(pivot, list[middle])? {
                right = middle;
            } else {
                left = middle + 1;
            }
        }
        list[left..=at].rotate_right(1);
    }
    Ok(())
}

/// Merges the sorted parts before and from `middle` on.
fn merge<T: Copy, E>(
    list: &mut [T],
    middle: usize,
    spare: &mut Vec<T>,
    less: &mut impl FnMut(T, T) -> Result<bool, E>,
) -> Result<(), E> {
    if !less(list[middle], list[middle - 1])? {
        return Ok(());
    }
    spare.clear();
    spare.extend_from_slice(&list[..middle]);
    let (mut left, mut right, mut to) = (0, middle, 0);
    let mut failed = Ok(());
    while left < spare.len() && right < list.len() {
        match less(list[right], spare[left]) {
            Ok(true) => {
                list[to] = list[right];
                right += 1;
            }
            Ok(false) => {
                list[to] = spare[left];
                left += 1;
            }
            Err(error) => {
                failed = Err(error);
                break;
            }
        }
        to += 1;
    }
    list[to..to + spare.len() - left].copy_from_slice(&spare[left..]);
    failed
}

#[cfg(test)]
mod tests {
    use super::sort_by;
    use std::convert::Infallible;

    #[test]
    fn sorting_is_stable_and_complete() {
        for length in [0, 1, 2, 31, 64, 65, 1000, 4097] {
            let mut list: Vec<(usize, usize)> = (0..length).map(|n| (n * 7919 % 101, n)).collect();
            let mut expected = list.clone();
            expected.sort();
            sort_by(&mut list, |a, b| Ok::<_, Infallible>(a.0 < b.0)).unwrap();
            assert_eq!(list, expected);
        }
    }

    #[test]
    fn a_comparison_that_contradicts_itself_loses_nothing() {
        let mut list: Vec<usize> = (0..1000).collect();
        let mut calls = 0_usize;
        sort_by(&mut list, |_, _| {
            calls += 1;
            Ok::<_, Infallible>(calls.is_multiple_of(3))
        })
        .unwrap();
        list.sort_unstable();
        assert!(list.into_iter().eq(0..1000));
    }
}
