//! Names as they are looked for: whoever types the beginning of a name, or of one of its later words, finds it along an
//! index, however many customers there are.

use base::{Result, Tx, args, db::Param};

use super::CustomerId;

/// Longer names than any are cut: only their beginnings are compared.
const WORDS: usize = 12;

/// Writes down under what a customer's name is found.
pub(crate) async fn write(tx: &mut Tx, customer: CustomerId, name: &str) -> Result<()> {
    let rests: Vec<String> = beginnings(name).collect();
    if rests.is_empty() {
        return Ok(());
    }
    // In one statement: a store that is read for the first time names very many.
    let rows: Vec<String> = (0..rests.len()).map(|row| format!("(${}, $1)", row + 2)).collect();
    let sql = format!("INSERT INTO customer_names (rest, customer) VALUES {} ON CONFLICT DO NOTHING", rows.join(", "));
    let mut args = args![customer];
    args.extend(rests.into_iter().map(Param::value));
    tx.run(&sql, args).await
}

pub(super) async fn rewrite(tx: &mut Tx, customer: CustomerId, name: &str) -> Result<()> {
    forget(tx, customer).await?;
    write(tx, customer, name).await
}

/// They are found by no name from now on.
pub(crate) async fn forget(tx: &mut Tx, customer: CustomerId) -> Result<()> {
    tx.run("DELETE FROM customer_names WHERE customer = $1", args![customer]).await
}

/// The name from each of its words on, in lower case.
fn beginnings(name: &str) -> impl Iterator<Item = String> {
    let name = name.to_lowercase();
    let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    (0..words.len().min(WORDS)).map(move |at| words[at..].join(" "))
}

/// The first text that no text beginning like this comes behind, compared byte by byte.
pub(super) fn beyond(beginning: &str) -> String {
    format!("{beginning}\u{10FFFF}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_each_of_its_words() {
        let found: Vec<_> = beginnings("Åse  Marie Øverland").collect();
        assert_eq!(found, ["åse marie øverland", "marie øverland", "øverland"]);
        assert_eq!(beginnings("  ").count(), 0);
        assert!(beyond("ås").as_str() > "åse marie" && beyond("ås").as_str() < "åt");
    }
}
