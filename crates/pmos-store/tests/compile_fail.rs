//! What reaches beyond a workspace, or changes what it may only read, is no program: it does not compile.
//!
//! Beside each file stands what the compiler says of it, so that it is refused for the right reason.
//! `TRYBUILD=overwrite` writes that anew, for a person to read the difference.

#[test]
fn what_reaches_beyond_a_workspace_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
