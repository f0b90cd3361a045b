mod engine;
mod network;
mod server;
mod world;
