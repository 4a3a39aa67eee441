//! What the words mean in which platforms and carriers tell of parcels.

use crate::carrier::{
    Standing, Status,
    SubStatus::{
        self, AddressWrong, Arrived, AtCustoms, BackAtSender, Cancelled, Collected, Damaged, Delayed, Departed,
        GoingBack, HandedOver, HeldByCustoms, InLocker, InMailbox, LabelMade, LeftSafely, Lost, NoAccess, NobodyHome,
        NotCollected, Refused, ThroughCustoms, ToNeighbour,
    },
};

/// Codes as programs write them, letters in lower case and anything else as `_`.
#[rustfmt::skip]
const CODES: &[(&str, Result<SubStatus, Status>)] = &[
    ("pending", Err(Status::Pending)), ("unknown", Err(Status::Pending)), ("notfound", Err(Status::Pending)),
    ("not_found", Err(Status::Pending)), ("none", Err(Status::Pending)),

    ("info_received", Err(Status::InfoReceived)), ("inforeceived", Err(Status::InfoReceived)),
    ("pre_transit", Err(Status::InfoReceived)), ("confirmed", Err(Status::InfoReceived)),
    ("submitted", Err(Status::InfoReceived)), ("registered", Err(Status::InfoReceived)),
    ("label_purchased", Ok(LabelMade)), ("label_printed", Ok(LabelMade)), ("label_created", Ok(LabelMade)),

    ("in_transit", Err(Status::InTransit)), ("intransit", Err(Status::InTransit)), ("transit", Err(Status::InTransit)),
    ("en_route", Err(Status::InTransit)), ("on_the_way", Err(Status::InTransit)), ("shipped", Err(Status::InTransit)),
    ("picked_up_by_carrier", Ok(HandedOver)), ("carrier_picked_up", Ok(HandedOver)), ("collected_by_carrier", Ok(HandedOver)),
    ("accepted", Ok(HandedOver)), ("acceptance", Ok(HandedOver)),

    ("out_for_delivery", Err(Status::OutForDelivery)), ("outfordelivery", Err(Status::OutForDelivery)),
    ("in_delivery", Err(Status::OutForDelivery)),

    ("attempted", Err(Status::Attempted)), ("attempted_delivery", Err(Status::Attempted)),
    ("delivery_attempted", Err(Status::Attempted)), ("attempt_fail", Err(Status::Attempted)),
    ("attemptfail", Err(Status::Attempted)), ("failed_attempt", Err(Status::Attempted)),
    ("deliveryfailure", Err(Status::Attempted)), ("buyer_action_required", Err(Status::Attempted)),

    ("delivered", Err(Status::Delivered)), ("completed", Err(Status::Delivered)), ("picked_up", Ok(Collected)),

    ("available_for_pickup", Err(Status::AvailableForPickup)), ("availableforpickup", Err(Status::AvailableForPickup)),
    ("ready_for_pickup", Err(Status::AvailableForPickup)), ("ready_for_recipient_pickup", Err(Status::AvailableForPickup)),
    ("available_for_delivery", Err(Status::AvailableForPickup)), ("at_pickup_point", Err(Status::AvailableForPickup)),

    ("exception", Err(Status::Exception)), ("failure", Err(Status::Exception)), ("failed", Err(Status::Exception)),
    ("error", Err(Status::Exception)), ("alert", Err(Status::Exception)),
    ("return_to_sender", Ok(GoingBack)), ("returning_to_sender", Ok(GoingBack)), ("returned", Ok(BackAtSender)),
    ("returned_to_sender", Ok(BackAtSender)), ("canceled", Ok(Cancelled)), ("voided", Ok(Cancelled)),

    ("expired", Err(Status::Expired)),
];

/// Parts of sentences, in lower case, the most telling first: what is not done is asked before what is.
#[rustfmt::skip]
const PHRASES: &[(SubOrStatus, &[&str])] = &[
    (Ok(BackAtSender), &["returned to sender", "returned to shipper", "delivered to sender", "an absender zugestellt",
        "delivered back to the original sender", "retourné à l'expéditeur", "åter hos avsändaren", "back at sender"]),
    (Ok(GoingBack), &["return to sender", "returning to sender", "being returned", "will be returned", "return to shipper",
        "zurück an den absender", "rücksendung", "retur till avsändaren", "returneres til avsender", "retour à l'expéditeur",
        "devuelto al remitente", "on its way back"]),
    (Ok(NotCollected), &["not collected", "unclaimed", "not picked up", "nicht abgeholt", "inte hämtats", "ikke hentet", "non réclamé"]),
    (Ok(Refused), &["refused", "annahme verweigert", "rejected by", "declined by", "vägrat", "nektet", "refusé", "rechazado"]),
    (Ok(AddressWrong), &["incorrect address", "wrong address", "bad address", "address is incomplete", "insufficient address",
        "incomplete address", "adresse unvollständig", "falsche adresse", "felaktig adress", "feil adresse", "adresse incomplète",
        "dirección incorrecta", "address not found", "moved away", "unbekannt verzogen"]),
    (Ok(HeldByCustoms), &["held by customs", "customs hold", "held in customs", "clearance delay", "vom zoll zurückgehalten", "customs documents"]),
    (Ok(Damaged), &["damaged", "beschädigt", "skadat", "skadet", "endommagé", "dañado"]),
    (Ok(Lost), &["lost", "missing parcel", "verloren", "förlorat", "mistet", "perdu", "perdido", "cannot be located"]),
    (Ok(Cancelled), &["cancelled", "canceled", "storniert", "avbruten", "annulé"]),
    (Ok(NobodyHome), &["nobody home", "nobody was home", "not at home", "recipient not home", "no one home", "no one was home",
        "receiver not present", "recipient was not", "empfänger nicht angetroffen", "nicht angetroffen", "ingen hemma",
        "ikke hjemme", "destinataire absent", "destinatario ausente"]),
    (Ok(NoAccess), &["no access", "could not access", "business closed", "kein zugang", "geschlossen"]),
    (Err(Status::Attempted), &["delivery attempt", "attempted delivery", "unsuccessful delivery", "could not be delivered",
        "not be delivered", "not delivered", "zustellversuch", "konnte nicht zugestellt", "nicht zugestellt",
        "kunde inte levereras", "misslyckat", "kunne ikke leveres", "n'a pas pu être livré", "no se pudo entregar"]),
    (Ok(Delayed), &["delayed", "delay", "verzögert", "verspätet", "försenad", "forsinket", "retardé", "retrasado"]),
    (Ok(InLocker), &["parcel locker", "packstation", "paketbox", "pakkeboks", "paketautomat", "consigne", "in the locker"]),
    (Err(Status::AvailableForPickup), &["ready for pickup", "ready for pick up", "ready for collection", "ready to be collected",
        "available for pickup", "available for collection", "awaiting collection", "zur abholung bereit", "liegt zur abholung",
        "redo att hämtas", "klar til henting", "klar til afhentning", "kan hentes", "noudettavissa", "disponible en point",
        "disponible para recoger", "service point", "pickup point", "parcelshop"]),
    (Err(Status::OutForDelivery), &["out for delivery", "in delivery", "with courier", "loaded onto the delivery vehicle",
        "on the delivery vehicle", "zustellfahrzeug", "in zustellung", "ute för leverans", "utkörning", "under utkjøring",
        "lastet for utkjøring", "en cours de livraison", "en reparto"]),
    (Ok(ToNeighbour), &["neighbour", "neighbor", "nachbar", "granne", "nabo", "voisin", "vecino"]),
    (Ok(LeftSafely), &["safe place", "left at", "ablageort", "wunschort", "front door", "on the porch"]),
    (Ok(InMailbox), &["mailbox", "letterbox", "briefkasten", "brevlåda", "postkasse", "boîte aux lettres"]),
    (Ok(Collected), &["collected by recipient", "picked up by recipient", "collected by the recipient", "has been collected",
        "abgeholt", "uthämtad", "utlevert"]),
    (Err(Status::Delivered), &["delivered", "successfully delivered", "delivery successful", "zugestellt", "levererad",
        "levererats", "levert", "leveret", "livré", "entregado", "toimitettu"]),
    (Ok(ThroughCustoms), &["customs cleared", "cleared customs", "clearance completed", "released by customs", "zoll freigegeben"]),
    (Ok(AtCustoms), &["customs", "clearance", "zoll", "tull", "aduana", "douane"]),
    (Ok(LabelMade), &["label created", "label has been created", "electronically", "elektronisch angekündigt", "shipment information received",
        "order information", "electronic advice", "pre-advice", "preadvice", "avisering", "elektroniskt", "registered online"]),
    (Ok(HandedOver), &["picked up", "collected from", "handed over", "accepted", "acceptance", "received by carrier",
        "eingeliefert", "abgegeben", "mottagit", "innlevert", "pris en charge", "recogido"]),
    (Ok(Departed), &["departed", "left the", "has left", "abgefahren", "lämnat", "forlatt", "en route"]),
    (Ok(Arrived), &["arrived", "arrival", "eingetroffen", "ankommit", "anlänt", "ankommet", "arrivé", "llegado"]),
    (Err(Status::InTransit), &["in transit", "on its way", "on the way", "transport", "processed", "sorting", "sorted",
        "bearbeitet", "unterwegs", "på väg", "på vei", "en tránsito", "hub", "depot", "facility", "terminal"]),
];

type SubOrStatus = Result<SubStatus, Status>;

fn standing(found: SubOrStatus) -> Standing {
    found.map_or_else(Standing::from, Standing::from)
}

/// What one of our words means, or a code of somebody's program.
pub fn by_code(word: &str) -> Option<Standing> {
    let word: String = word.trim().chars().take(60).flat_map(char::to_lowercase).collect();
    let word = word.replace(|c: char| !c.is_alphanumeric(), "_");
    if let Ok(status) = word.parse::<Status>() {
        return Some(status.into());
    }
    if let Ok(sub) = word.parse::<SubStatus>() {
        return Some(sub.into());
    }
    CODES.iter().find(|(code, _)| *code == word).map(|(_, found)| standing(*found))
}

/// What a sentence of a carrier's means, as far as it can be told.
pub fn by_sentence(text: &str) -> Option<Standing> {
    let text: String = text.chars().take(400).flat_map(char::to_lowercase).collect();
    let found = PHRASES.iter().find(|(_, phrases)| phrases.iter().any(|phrase| is_in(&text, phrase)));
    found.map(|(found, _)| standing(*found))
}

/// Whether it stands there from the beginning of a word: `lost` is not in `closed`.
fn is_in(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

/// The meaning of a word, and of the sentence beside it where the word says less: a parcel in transit that, it says, lies
/// at customs. A sentence never says another thing than a code that is known.
pub fn read(word: &str, text: Option<&str>) -> Option<Standing> {
    let Some(known) = by_code(word) else {
        return by_sentence(word).or_else(|| text.and_then(by_sentence));
    };
    let closer =
        text.and_then(by_sentence).filter(|closer| known.status == Status::Pending || is_closer(known, *closer));
    Some(closer.unwrap_or(known))
}

fn is_closer(known: Standing, told: Standing) -> bool {
    known.sub.is_none() && known.status == told.status && told.sub.is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(word: &str) -> Option<Standing> {
        read(word, None)
    }

    #[test]
    fn every_word_of_ours_means_itself() {
        for status in Status::ALL {
            assert_eq!(said(status.as_str()), Some((*status).into()));
        }
        for sub in SubStatus::ALL {
            assert_eq!(said(sub.as_str()), Some((*sub).into()));
        }
    }

    #[test]
    fn codes_of_platforms_and_of_tracking_services_are_known() {
        for (word, meant) in [
            ("CONFIRMED", Status::InfoReceived.into()),
            ("LABEL_PRINTED", LabelMade.into()),
            ("CARRIER_PICKED_UP", HandedOver.into()),
            ("IN_TRANSIT", Status::InTransit.into()),
            ("DELAYED", Delayed.into()),
            ("OUT_FOR_DELIVERY", Status::OutForDelivery.into()),
            ("ATTEMPTED_DELIVERY", Status::Attempted.into()),
            ("READY_FOR_PICKUP", Status::AvailableForPickup.into()),
            ("PICKED_UP", Collected.into()),
            ("DELIVERED", Status::Delivered.into()),
            ("FAILURE", Status::Exception.into()),
            ("RETURNING_TO_SENDER", GoingBack.into()),
            ("AttemptFail", Status::Attempted.into()),
            ("return-to-sender", GoingBack.into()),
            ("pre-transit", Status::InfoReceived.into()),
        ] {
            assert_eq!(said(word), Some(meant), "{word}");
        }
    }

    #[test]
    fn sentences_mean_what_they_say_and_not_their_contrary() {
        for (text, meant) in [
            ("The shipment has been successfully delivered", Status::Delivered.into()),
            ("Could not be delivered, recipient not home", NobodyHome.into()),
            ("Die Sendung konnte nicht zugestellt werden.", Status::Attempted.into()),
            ("Die Sendung wurde zugestellt.", Status::Delivered.into()),
            ("Försändelsen är på väg", Status::InTransit.into()),
            ("Sendingen er klar til henting", Status::AvailableForPickup.into()),
            ("Arrived at customs", AtCustoms.into()),
            ("Shipment information received", LabelMade.into()),
            ("Der Empfänger hat die Sendung in der Packstation", InLocker.into()),
            ("Delivered to a neighbour", ToNeighbour.into()),
            ("Colis livré", Status::Delivered.into()),
        ] {
            assert_eq!(said(text), Some(meant), "{text}");
        }
        assert_eq!(said("The branch is closed today"), None, "nothing is lost");
        assert_eq!(said("zzz"), None);
    }

    #[test]
    fn a_sentence_says_more_than_a_code_but_nothing_else() {
        assert_eq!(read("transit", Some("Arrived at the depot")), Some(Arrived.into()));
        assert_eq!(read("transit", Some("It was delivered to the depot")), Some(Status::InTransit.into()));
        assert_eq!(read("delivered", Some("Could not be delivered")), Some(Status::Delivered.into()));
        assert_eq!(read("unknown", Some("Parcel damaged")), Some(Damaged.into()));
        assert_eq!(read("delayed", Some("Parcel damaged")), Some(Delayed.into()));
    }

    proptest! {
        #[test]
        fn nothing_is_too_odd_to_be_read(word in ".{0,80}", text in "(?s).{0,500}") {
            if let Some(standing) = read(&word, Some(&text)) {
                prop_assert!(standing.sub.is_none_or(|sub| sub.status() == standing.status));
            }
        }
    }
}
