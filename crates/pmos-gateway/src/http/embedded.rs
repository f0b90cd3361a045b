//! The UI's files, as they were when the program was built.

/// Path and content of each file of `ui/dist`; `None` in a program that was built without them.
pub(super) fn files() -> Option<&'static [(&'static str, &'static [u8])]> {
    #[cfg(feature = "embed-ui")]
    {
        static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/ui.rs"));
        Some(FILES)
    }
    #[cfg(not(feature = "embed-ui"))]
    None
}
