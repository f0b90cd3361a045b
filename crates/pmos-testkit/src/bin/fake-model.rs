//! The fake model as a process: `fake-model [--listen 127.0.0.1:PORT]` prints its URL and serves until it is ended.

use std::error::Error;
use std::net::SocketAddr;

use pmos_testkit::fake_model::FakeModel;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let address: SocketAddr = match args.as_slice() {
        [] => SocketAddr::from(([127, 0, 0, 1], 0)),
        [flag, address] if flag == "--listen" => address.parse()?,
        _ => return Err("usage: fake-model [--listen 127.0.0.1:PORT]".into()),
    };
    let model = FakeModel::listen(address).await?;
    println!("{}", model.openai_url());
    model.forever().await;
    Ok(())
}
