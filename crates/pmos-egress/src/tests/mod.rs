mod live;
mod rules;
mod server;
