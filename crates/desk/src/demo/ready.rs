//! The canned answers of the demo shop, and the words around its answers.

use std::collections::BTreeMap;

use base::{Result, Tx};

use crate::{
    canned::{self, NewAnswer},
    shops::{AddressForm, ShopChange, ShopId},
};

const GREETINGS: &[(&str, &str)] = &[
    ("de", "Hallo {{customer.first_name}},"),
    ("en", "Hi {{customer.first_name}},"),
    ("fr", "Bonjour {{customer.first_name}},"),
    ("nb", "Hei {{customer.first_name}},"),
    ("sv", "Hej {{customer.first_name}},"),
];
/// What a store's tag says of its best customers.
pub const CLUB: &str = "Trail Club";
const TONE: &str = "We write as we talk in the shop: friendly, short, and to the point.\n\n\
    - Say first what happens next, and when.\n\
    - **Never** promise a day that the carrier has not confirmed.\n\
    - One apology is enough. Then help.";

/// (shortcut, language, name, text)
const ANSWERS: &[(&str, &str, &str, &str)] = &[
    (
        "parcel",
        "en",
        "Where is my parcel",
        "Your parcel has left our warehouse in Bergen. Most arrive within two to four \
         working days. If yours is not there by then, write to us and we will ask the carrier.",
    ),
    (
        "return",
        "en",
        "How to return something",
        "You can return anything unused within 60 days. Put it back into its box with the label from the parcel, and \
         give it to any parcel shop. Your money is back on your card three working days after it has arrived.",
    ),
    (
        "warranty",
        "en",
        "Warranty: we need a photo",
        "I am sorry that it broke. So that we can mend or replace it, please send a photo of the damage and the number \
         of your order. This is ticket {{ticket.number}}; just answer here.",
    ),
    ("care", "en", "Wool care", "Wash wool at 30 °C in a mesh bag, without softener, and dry it lying flat."),
    (
        "thanks",
        "en",
        "Thank you",
        "Thank you for writing to {{shop.name}}, {{customer.first_name}}. Have a good time outside!\n\n{{agent.name}}",
    ),
    (
        "parcel",
        "de",
        "Wo ist mein Paket",
        "Dein Paket hat unser Lager in Bergen verlassen. Meistens ist es in zwei bis \
         vier Werktagen da. Wenn nicht, schreib uns, und wir fragen beim Paketdienst nach.",
    ),
    (
        "return",
        "de",
        "So geht eine Rückgabe",
        "Unbenutztes kannst du 60 Tage lang zurückgeben: in den Karton damit, das Etikett aus dem Paket darauf, und in \
         einem Paketshop abgeben. Drei Werktage nach der Ankunft ist das Geld wieder auf deiner Karte.",
    ),
    (
        "warranty",
        "de",
        "Garantie: Wir brauchen ein Foto",
        "Das tut uns leid. Schick uns bitte ein Foto vom Schaden und deine Bestellnummer, damit wir es reparieren oder \
         ersetzen können. Das hier ist Ticket {{ticket.number}}; antworte einfach darauf.",
    ),
    (
        "thanks",
        "de",
        "Danke",
        "Danke, {{customer.first_name}}, dass du {{shop.name}} geschrieben hast. Viel Freude draußen!\n\n{{agent.name}}",
    ),
];

pub async fn keep(tx: &mut Tx, shop: ShopId) -> Result<()> {
    for (shortcut, language, name, text) in ANSWERS {
        let new = NewAnswer {
            name: (*name).to_owned(),
            shortcut: (*shortcut).to_owned(),
            text: Some((*text).to_owned()),
            language: Some((*language).to_owned()),
            ..NewAnswer::default()
        };
        canned::add(tx, shop, None, new).await?;
    }
    Ok(())
}

/// How the shop speaks.
pub fn voice() -> ShopChange {
    let greeting = GREETINGS.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect();
    let forms = [("de", AddressForm::Informal), ("fr", AddressForm::Formal)];
    let address_forms: BTreeMap<_, _> = forms.into_iter().map(|(tag, form)| (tag.to_owned(), form)).collect();
    ShopChange {
        greeting: Some(greeting),
        address_forms: Some(address_forms),
        tone: Some(Some(TONE.to_owned())),
        tier_tags: Some(vec![CLUB.to_owned()]),
        time_zone: Some(Some("Europe/Oslo".to_owned())),
        ..ShopChange::default()
    }
}
