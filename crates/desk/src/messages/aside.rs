//! Reading beside the async threads: a message may be made to keep its reader busy, or to bring it down.

use std::time::Duration;

use base::{Error, Result};
use tokio::{sync::oneshot, time::timeout};

/// An ordinary message takes a millisecond, the largest a few seconds.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Works beside the async threads, for so long at most. A panic there is a message that cannot be read.
///
/// A thread of its own: one of the pool could not be left behind, and a node that ends would wait for it.
pub(super) async fn aside<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (done, result) = oneshot::channel();
    let thread = std::thread::Builder::new().name("read a message".to_owned());
    thread.spawn(move || done.send(work()).ok()).map_err(|_| Error::Unavailable)?;
    match timeout(patience, result).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Error::refused("The message cannot be read.")),
        Err(_) => Err(Error::refused(format!(
            "Reading it took longer than {} seconds. It is kept as it came, and held up nothing else.",
            patience.as_secs()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_cannot_be_read_in_time_or_at_all_says_so_and_is_left_behind() {
        let start = tokio::time::Instant::now();
        let slow = aside(Duration::from_millis(50), || {
            std::thread::sleep(Duration::from_secs(30));
            Ok(())
        });
        let Err(Error::Refused { why }) = slow.await else { panic!("it had all the time it wanted") };
        assert!(why.starts_with("Reading it took longer than"), "{why}");
        assert!(start.elapsed() < Duration::from_secs(10));
        let Err(Error::Refused { why }) = aside(PATIENCE, || -> Result<()> { panic!("a bug") }).await else {
            panic!("a panic is no message")
        };
        assert_eq!(why, "The message cannot be read.");
        assert_eq!(aside(PATIENCE, || Ok(7)).await.unwrap(), 7);
        assert!(aside(PATIENCE, || -> Result<()> { Err(Error::invalid("mail", "no")) }).await.is_err());
    }
}
