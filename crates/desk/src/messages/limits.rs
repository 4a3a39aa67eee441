//! What a way to answer carries, and for how long it is open. What it does not carry is refused while its writer can still
//! do something about it.

use base::{App, Error, Result, Time, Tx, args};
use connectors::{Channels, channel::Abilities};

use super::MessageId;
use crate::{inboxes::InboxId, tickets::TicketId};

/// A file that would go along.
struct Load {
    name: String,
    content_type: String,
    size: i64,
}

/// Until when this inbox may answer in this ticket, where its channel sets a time after what the shopper last wrote there.
pub(super) async fn closes_at(
    tx: &mut Tx,
    ticket: TicketId,
    inbox: InboxId,
    abilities: &Abilities,
) -> Result<Option<Time>> {
    let Some(within) = abilities.reply_within else { return Ok(None) };
    let sql = "SELECT max(created_at) AS at FROM messages
        WHERE ticket = $1 AND inbox = $2 AND direction = 'in' AND automatic IS NULL";
    let last = tx.one(sql, args![ticket, inbox]).await?.opt_int("at")?;
    Ok(Some(last.map_or(0, |at| at + within)))
}

/// Refuses what the message's channel cannot carry, or may not any more.
pub(super) async fn must_fit(app: &App, tx: &mut Tx, message: MessageId) -> Result<()> {
    let sql = "SELECT channel, ticket, inbox, CAST(length(text) AS BIGINT) AS letters,
        CAST(length(text) + length(COALESCE(html, '')) AS BIGINT) AS said FROM messages WHERE id = $1";
    let row = tx.one(sql, args![message]).await?;
    let abilities = app.part::<Channels>()?.get(&row.text("channel")?)?.abilities();
    if let Some(inbox) = row.opt_id("inbox")? {
        let closes = closes_at(tx, row.id("ticket")?, inbox, &abilities).await?;
        in_time(closes, tx.now())?;
    }
    let sql = "SELECT name, content_type, size FROM attachments WHERE message = $1 ORDER BY id";
    let mut files = Vec::new();
    for row in tx.all(sql, args![message]).await? {
        let (name, content_type) = (row.text("name")?, row.text("content_type")?);
        files.push(Load { name, content_type, size: row.int("size")? });
    }
    fits(&abilities, row.int("letters")?, row.int("said")?, &files)
}

fn in_time(closes: Option<Time>, now: Time) -> Result<()> {
    match closes {
        Some(at) if at <= now => {
            let why = "may not answer any more: the shopper has to write there first. Choose another way";
            Err(Error::invalid("inbox", why))
        }
        _ => Ok(()),
    }
}

/// `letters` are the characters of the text, `said` the bytes of text and HTML.
fn fits(abilities: &Abilities, letters: i64, said: i64, files: &[Load]) -> Result<()> {
    let most = |limit: usize| i64::try_from(limit).unwrap_or(i64::MAX);
    if let Some(limit) = abilities.max_text.filter(|limit| letters > most(*limit)) {
        return Err(Error::invalid("text", format!("must have at most {limit} characters this way")));
    }
    if files.is_empty() {
        return Ok(());
    }
    let wrong = |why: String| Err(Error::invalid("attachments", why));
    if !abilities.attachments {
        return wrong("cannot be sent this way; this inbox carries text only".into());
    }
    if files.len() > abilities.max_files {
        return wrong(format!("at most {} in one message this way", abilities.max_files));
    }
    let types = abilities.file_types;
    if let Some(file) = files.iter().find(|file| !types.is_empty() && !types.contains(&file.content_type.as_str())) {
        return wrong(format!("{} cannot be sent this way; this inbox carries {}", file.name, types.join(", ")));
    }
    let (all, limit) = (said + files.iter().map(|file| file.size).sum::<i64>(), most(abilities.max_bytes));
    if all > limit {
        let mb = |bytes: i64| (bytes + (1 << 20) - 1) >> 20;
        return wrong(format!(
            "are {} MB together; one message from this inbox carries {} MB",
            mb(all - said),
            mb(limit)
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use base::HOUR;

    use super::*;

    /// A channel as phones have it: short, pictures only, and open for a day.
    const SHORT: Abilities = Abilities {
        answers: true,
        html: false,
        attachments: true,
        max_bytes: 1 << 20,
        max_text: Some(160),
        max_files: 2,
        file_types: &["image/png"],
        subject: false,
        copies: false,
        conversational: true,
        reply_within: Some(24 * HOUR),
    };

    fn wrong(result: Result<()>) -> (String, String) {
        let Err(Error::Invalid(wrong)) = result else { panic!("it was taken") };
        (wrong[0].field.clone(), wrong[0].why.clone())
    }

    fn picture(size: i64) -> Load {
        Load { name: "tent.png".into(), content_type: "image/png".into(), size }
    }

    #[test]
    fn what_a_channel_does_not_carry_is_refused_by_name() {
        assert!(fits(&SHORT, 160, 160, &[picture(1000), picture(1000)]).is_ok());
        assert_eq!(
            wrong(fits(&SHORT, 161, 161, &[])),
            ("text".into(), "must have at most 160 characters this way".into())
        );
        let three = [picture(1), picture(1), picture(1)];
        assert_eq!(wrong(fits(&SHORT, 0, 0, &three)).1, "at most 2 in one message this way");
        let paper = Load { name: "bill.pdf".into(), content_type: "application/pdf".into(), size: 1 };
        let (field, why) = wrong(fits(&SHORT, 0, 0, &[paper]));
        assert_eq!(
            (field.as_str(), why.as_str()),
            ("attachments", "bill.pdf cannot be sent this way; this inbox carries image/png")
        );
        assert_eq!(
            wrong(fits(&SHORT, 9, 9, &[picture(1 << 20)])).1,
            "are 1 MB together; one message from this inbox carries 1 MB"
        );
        let plain = Abilities { attachments: false, ..SHORT };
        assert_eq!(wrong(fits(&plain, 1, 1, &[picture(1)])).0, "attachments");
    }

    #[test]
    fn a_window_closes() {
        assert!(in_time(None, 7).is_ok());
        assert!(in_time(Some(8), 7).is_ok());
        assert_eq!(wrong(in_time(Some(7), 7)).0, "inbox");
    }
}
