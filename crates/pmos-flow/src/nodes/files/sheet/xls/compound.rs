//! Compound files (MS-CFB): a small file system in a file. Only the one stream that matters is read and written.

use crate::node::NodeError;

const SECTOR: usize = 512;
const END: u32 = 0xffff_fffe;
const FREE: u32 = 0xffff_ffff;
const FAT: u32 = 0xffff_fffd;
const DIFAT: u32 = 0xffff_fffc;
/// Streams below this size would lie in the stream of small streams.
const SMALL: usize = 4096;

fn broken() -> NodeError {
    NodeError::new("The file is not a workbook of Excel, or it is damaged")
}

fn u16_at(bytes: &[u8], at: usize) -> Result<usize, NodeError> {
    let part = bytes.get(at..at + 2).ok_or_else(broken)?;
    Ok(usize::from(u16::from_le_bytes([part[0], part[1]])))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, NodeError> {
    let part = bytes.get(at..at + 4).ok_or_else(broken)?;
    Ok(u32::from_le_bytes([part[0], part[1], part[2], part[3]]))
}

struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn sector(&self, number: u32) -> Result<&'a [u8], NodeError> {
        let start =
            (number as usize).checked_add(1).and_then(|number| number.checked_mul(self.sector)).ok_or_else(broken)?;
        let end = start.saturating_add(self.sector).min(self.bytes.len());
        self.bytes.get(start..end).ok_or_else(broken)
    }

    /// The content of a chain of sectors.
    fn chain(&self, first: u32) -> Result<Vec<u8>, NodeError> {
        let (mut content, mut next) = (Vec::new(), first);
        while next < DIFAT {
            // A chain that bites its tail would never end.
            if content.len() > self.bytes.len() {
                return Err(broken());
            }
            content.extend_from_slice(self.sector(next)?);
            next = self.fat.get(next as usize).copied().unwrap_or(END);
        }
        Ok(content)
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|part| u32::from_le_bytes([part[0], part[1], part[2], part[3]]))
}

/// The stream with the workbook.
pub(super) fn workbook(bytes: &[u8]) -> Result<Vec<u8>, NodeError> {
    let (shift, mini_shift) = (u16_at(bytes, 30)?, u16_at(bytes, 32)?);
    if !(7..=16).contains(&shift) || mini_shift >= shift {
        return Err(broken());
    }
    let mut file = Compound { bytes, sector: 1 << shift, fat: Vec::new() };
    let mut tables: Vec<u32> = numbers(bytes.get(76..512).ok_or_else(broken)?).collect();
    let mut next = u32_at(bytes, 68)?;
    while next < DIFAT {
        let list: Vec<u32> = numbers(file.sector(next)?).collect();
        let (last, list) = list.split_last().ok_or_else(broken)?;
        tables.extend(list);
        next = *last;
        if tables.len() > bytes.len() {
            return Err(broken());
        }
    }
    for table in tables.into_iter().filter(|table| *table < DIFAT) {
        let part: Vec<u32> = numbers(file.sector(table)?).collect();
        file.fat.extend(part);
        if file.fat.len() > bytes.len() {
            return Err(broken());
        }
    }
    let directory = file.chain(u32_at(bytes, 48)?)?;
    let entry = |wanted: &[&str]| {
        directory.chunks_exact(128).find(|entry| {
            let length = usize::from(u16::from_le_bytes([entry[64], entry[65]])).clamp(2, 64) - 2;
            let name: Vec<u16> =
                entry[..length].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
            wanted.iter().any(|wanted| String::from_utf16_lossy(&name).eq_ignore_ascii_case(wanted))
        })
    };
    let stream = entry(&["Workbook", "Book"]).ok_or_else(broken)?;
    let (first, size) = (u32_at(stream, 116)?, u32_at(stream, 120)? as usize);
    let mut content = if size >= u32_at(bytes, 56)? as usize {
        file.chain(first)?
    } else {
        let root = directory.get(..128).ok_or_else(broken)?;
        let small =
            Compound { bytes: &[], sector: 1 << mini_shift, fat: numbers(&file.chain(u32_at(bytes, 60)?)?).collect() };
        let container = file.chain(u32_at(root, 116)?)?;
        let (mut content, mut next) = (Vec::new(), first);
        while next < DIFAT && content.len() < size {
            let start = (next as usize).saturating_mul(small.sector);
            content.extend_from_slice(container.get(start..start.saturating_add(small.sector)).ok_or_else(broken)?);
            next = small.fat.get(next as usize).copied().unwrap_or(END);
        }
        content
    };
    content.truncate(size);
    Ok(content)
}

/// A compound file with the workbook as its only stream.
pub(super) fn file(mut workbook: Vec<u8>) -> Vec<u8> {
    workbook.resize(workbook.len().max(SMALL).next_multiple_of(SECTOR), 0);
    let data = workbook.len() / SECTOR;
    // Sectors in order: lists of tables, tables, the directory, the workbook.
    let (mut tables, mut lists) = (1, 0);
    while tables * (SECTOR / 4) < data + 1 + tables + lists {
        tables += 1;
        lists = usize::saturating_sub(tables, 109).div_ceil(SECTOR / 4 - 1);
    }
    let directory = lists + tables;

    let mut fat: Vec<u32> = vec![DIFAT; lists];
    fat.resize(directory, FAT);
    fat.push(END);
    let first = directory as u32 + 1;
    fat.extend((1..data as u32).map(|offset| first + offset));
    fat.push(END);
    fat.resize(tables * (SECTOR / 4), FREE);

    let mut header: Vec<u32> =
        vec![0xe011_cfd0, 0xe11a_b1a1, 0, 0, 0, 0, 0x0003_003e, 0x0009_fffe, 6, 0, 0, tables as u32];
    header.extend([directory as u32, 0, SMALL as u32, END, 0, if lists > 0 { 0 } else { END }, lists as u32]);
    let places: Vec<u32> = (lists..directory).map(|place| place as u32).collect();
    header.extend(places.iter().take(109));
    header.resize(SECTOR / 4, FREE);
    for (at, list) in places.get(109..).unwrap_or_default().chunks(SECTOR / 4 - 1).enumerate() {
        header.extend(list);
        header.resize((at + 2) * (SECTOR / 4) - 1, FREE);
        header.push(if at + 1 < lists { at as u32 + 1 } else { END });
    }
    header.extend(fat);
    let mut bytes: Vec<u8> = header.into_iter().flat_map(u32::to_le_bytes).collect();
    bytes.extend(entry("Root Entry", 5, 1, END, 0));
    bytes.extend(entry("Workbook", 2, FREE, first, workbook.len() as u32));
    bytes.extend([entry("", 0, FREE, 0, 0), entry("", 0, FREE, 0, 0)].concat());
    bytes.extend(workbook);
    bytes
}

/// An entry of the directory: name, kind, child, first sector, size.
fn entry(name: &str, kind: u8, child: u32, first: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { entry.len() as u16 + 2 };
    entry.resize(64, 0);
    entry.extend(length.to_le_bytes());
    // Black, as every node of a tree of one.
    entry.extend([kind, 1]);
    for sibling in [FREE, FREE, child] {
        entry.extend(sibling.to_le_bytes());
    }
    entry.resize(116, 0);
    entry.extend(first.to_le_bytes());
    entry.extend(size.to_le_bytes());
    entry.resize(128, 0);
    entry
}

#[cfg(test)]
mod tests {
    use super::{file, workbook};

    #[test]
    fn the_stream_survives() {
        for size in [1, 4096, 100_000, 9 << 20] {
            let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8 + 1).collect();
            assert!(workbook(&file(content.clone())).unwrap().starts_with(&content), "{size}");
        }
        assert!(workbook(&[0xd0; 600]).is_err());
    }
}
