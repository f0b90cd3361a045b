//! For tests alone: the outside world as fakes that record every argument.

pub mod fake_model;

pub use fake_model::FakeModel;
