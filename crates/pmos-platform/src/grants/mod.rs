//! Grants: how a super admin acts inside a workspace that is not theirs.
//!
//! - Running the server is no membership: without a grant every workspace is closed to them.
//! - A grant is for one workspace, has a reason, and ends by itself after 5 minutes to 4 hours.
//! - What is made by it ends with it: keys do not work without a membership, and invitations expire with the grant.
//! - Each is written in the workspace's own trail, so that its admins see who came in, when and why.

mod rpc;

pub(crate) use rpc::methods;
