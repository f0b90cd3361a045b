//! A table of words.

/// Lines with columns as wide as their widest word; the last one is not padded.
pub(super) fn lines(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|word| word.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (column, word) in row.iter().enumerate() {
                line.push_str(word);
                if column + 1 < row.len() {
                    let gap = widths[column] + 2 - word.chars().count();
                    line.extend(std::iter::repeat_n(' ', gap));
                }
            }
            line
        })
        .collect()
}
