//! What goes through the pipe: a head of JSON, and two bodies that are passed on as they are.

use std::io::{Error, ErrorKind, Read, Result, Write};

/// The lengths of the three parts, before them.
pub(crate) const LENGTHS: usize = 12;

/// The head and two bodies of one message.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub(crate) head: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) more: Vec<u8>,
}

impl Frame {
    /// The three lengths as they are sent; fails for what is longer than 4 GiB.
    pub(crate) fn lengths(&self) -> Result<[u8; LENGTHS]> {
        let mut lengths = [0; LENGTHS];
        for (at, part) in [&self.head, &self.body, &self.more].into_iter().enumerate() {
            let length = u32::try_from(part.len()).map_err(|_| Error::from(ErrorKind::FileTooLarge))?;
            lengths[at * 4..at * 4 + 4].copy_from_slice(&length.to_le_bytes());
        }
        Ok(lengths)
    }

    /// How many bytes are sent.
    pub(crate) fn size(&self) -> usize {
        LENGTHS + self.head.len() + self.body.len() + self.more.len()
    }

    /// The whole message in one piece.
    pub(crate) fn joined(&self) -> Result<Vec<u8>> {
        Ok([&self.lengths()?[..], &self.head, &self.body, &self.more].concat())
    }

    /// The sizes of the parts that such lengths announce.
    pub(crate) fn sizes(lengths: [u8; LENGTHS]) -> [usize; 3] {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = lengths;
        [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(|length| u32::from_le_bytes(length) as usize)
    }

    /// Reads the next message; nothing at the end of the input.
    pub(crate) fn read(from: &mut impl Read) -> Result<Option<Self>> {
        let mut lengths = [0; LENGTHS];
        match from.read_exact(&mut lengths) {
            Err(end) if end.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let mut part = |size: usize| {
            // Room for the zero that the engine wants behind JSON.
            let mut bytes = Vec::with_capacity(size + 1);
            let read = from.by_ref().take(size as u64).read_to_end(&mut bytes)?;
            if read == size { Ok(bytes) } else { Err(Error::from(ErrorKind::UnexpectedEof)) }
        };
        let [head, body, more] = Self::sizes(lengths);
        Ok(Some(Self { head: part(head)?, body: part(body)?, more: part(more)? }))
    }

    /// Writes the message.
    pub(crate) fn write(&self, to: &mut impl Write) -> Result<()> {
        to.write_all(&self.lengths()?)?;
        for part in [&self.head, &self.body, &self.more] {
            to.write_all(part)?;
        }
        to.flush()
    }
}
