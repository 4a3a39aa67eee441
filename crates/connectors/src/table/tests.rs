use std::fmt::Write as _;

use super::*;

fn plan(text: &str) -> Plan {
    let wish = Wish { currency: Some("EUR".into()), ..Wish::default() };
    guess(text.as_bytes(), &wish, Encoding::Utf8, "Europe/Berlin", |_| None).unwrap()
}

fn things(text: &str, plan: &Plan) -> Vec<Thing> {
    let (mut table, faults) = Table::open(text.as_bytes(), plan).unwrap();
    let mut all = Vec::new();
    while let Some(thing) = table.next_thing().unwrap() {
        all.push(thing);
    }
    if let Some(first) = all.first_mut() {
        first.faults.extend(faults);
    }
    all
}

fn orders(text: &str) -> Vec<Order> {
    let all = things(text, &plan(text));
    let order = |thing: Thing| match thing.what {
        Some(What::Order(order)) => *order,
        other => panic!("{other:?} {:?}", thing.faults),
    };
    all.into_iter().map(order).collect()
}

fn faults(text: &str) -> Vec<(u64, String, Flaw)> {
    let all = things(text, &plan(text)).into_iter().flat_map(|thing| thing.faults);
    all.map(|fault| (fault.line, fault.field.unwrap_or_default(), fault.flaw)).collect()
}

const SHOPIFY: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,\
Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,\
Shipping Name,Shipping Street,Shipping Address1,Shipping City,Shipping Zip,Shipping Country,Notes,Cancelled at,\
Refunded Amount,Id,Tags\n\
#1001,jo@post.example,paid,2026-11-01 10:22:33 +0100,fulfilled,EUR,100.00,4.90,16.75,94.90,FALL,10.00,DHL,\
2026-11-01 10:22:30 +0100,2,\"Skarv tent, green\",40.00,SK-1,Jo Brandt,Fjellgata 12,Fjellgata 12,Bergen,'5003,NO,,,0.00,\
5512,\"vip, north\"\n\
#1001,jo@post.example,,,,,,,,,,,,2026-11-01 10:22:30 +0100,1,Bekk bottle,20.00,BE-1,,,,,,,,,,,\n";

#[test]
fn the_files_of_other_systems_are_read_without_a_word() {
    let read = orders(SHOPIFY);
    let [order] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((order.id.as_str(), order.number.as_str(), order.lines.len()), ("5512", "#1001", 2));
    assert_eq!((order.totals.total, order.totals.paid, order.totals.discount), (9490, 9490, 1000));
    assert_eq!((order.lines[0].price, order.lines[0].total, order.lines[1].total), (4000, 8000, 2000));
    assert_eq!((order.payment, order.fulfilment), (crate::order::Payment::Paid, crate::order::Fulfilment::Fulfilled));
    assert_eq!(order.placed_at.unwrap().to_string(), "2026-11-01T09:22:30.000Z");
    assert_eq!(order.tags, ["vip", "north"]);
    let woo = "Order Number;Order Status;Order Date;Email (Billing);First Name (Billing);Last Name (Billing);Item Name;\
        SKU;Quantity (- Refund);Item Cost;Order Total Amount;Country Code (Shipping);City (Shipping);Customer Note\n\
        77;Processing;2026-11-02 10:00;kim@post.example;Kim;Lund;Nupp lamp;N-1;1;19.90;24.80;DE;Berlin;ring twice\n";
    let woo = woo.replace("Quantity (- Refund)", "Quantity");
    let read = orders(&woo);
    assert_eq!(
        (read[0].totals.total, read[0].totals.paid, read[0].buyer.name.as_deref()),
        (2480, 2480, Some("Kim Lund"))
    );
    let german = "Bestellnummer;Datum;Kundenemail;Artikelname;Menge;Einzelpreis;Gesamtbetrag;PLZ;Ort;Land;Zahlungsstatus\r\n\
        B-1;24.12.2026 18:30;jo@post.example;Zelt;1;1.234,50 €;1.239,40;10115;Berlin;Deutschland;Bezahlt\r\n";
    let read = orders(german);
    let place = read[0].shipping_address.as_ref().unwrap();
    assert_eq!((read[0].totals.total, read[0].lines[0].price, place.country.as_str()), (123_940, 123_450, "DE"));
    assert_eq!(read[0].placed_at.unwrap().to_string(), "2026-12-24T17:30:00.000Z", "in the shop's time");
}

#[test]
fn it_is_known_what_a_table_holds() {
    for (head, holds) in [
        ("First Name,Last Name,Email,Accepts Email Marketing,Phone,Tags", Holds::Customers),
        ("Handle,Title,Vendor,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price", Holds::Products),
        ("ID,Type,SKU,Name,Published,Stock,Regular price", Holds::Products),
        ("Bestellnummer;Sendungsnummer;Paketdienst;Versanddatum", Holds::Shipments),
        (SHOPIFY, Holds::Orders),
        ("Order number,Date,Email,Item,Quantity,Price,Total,Currency", Holds::Orders),
    ] {
        assert_eq!(plan(head).holds, holds, "{head}");
    }
    assert_eq!(plan("Bestellnummer;Sendungsnummer\nB-1;1234").delimiter, Delimiter::Semicolon);
    assert_eq!(plan("Email\tFirst Name\nx@y.example\tJo").delimiter, Delimiter::Tab);
}

#[test]
fn what_is_wrong_is_told_by_line_and_column() {
    let text = "order,date,title,quantity,price,email,currency\r\n\
        A,2026-11-01,\"Tent\r\nwith two lines\",1,10,jo@post.example,EUR\r\n\
        B,yesterday,Lamp,-1,ten,nobody,EURO\r\n\
        \r\n\
        C,2026-11-01,Lamp,1,1.250,jo@post.example,EUR\r\n\
        A,2026-11-01,Rope,1,10,jo@post.example,EUR\r\n\
        D,2026-11-01,Rope,1,10\r\n\
        E,2026-11-01,,1,10,jo@post.example,EUR\r\n\
        F,2026-11-01,Rope,1,10,jo@post.example,EUR\r\n\
        F,2026-11-01,Rope,1,10,kim@post.example,EUR";
    let found = faults(text);
    let wanted = [
        (4, "placed_at", Flaw::Date),
        (4, "currency", Flaw::Currency),
        (4, "email", Flaw::Email),
        (4, "quantity", Flaw::Whole),
        (4, "price", Flaw::Number),
        (6, "price", Flaw::Thousands),
        (7, "number", Flaw::Again),
        (8, "", Flaw::Width),
        (9, "title", Flaw::Missing),
        (11, "email", Flaw::Differs),
    ];
    for (line, field, flaw) in wanted {
        let there = found.iter().any(|(at, of, what)| (*at, of.as_str(), *what) == (line, field, flaw));
        assert!(there, "line {line} {field} {flaw:?} in {found:?}");
    }
    let lines: std::collections::BTreeSet<_> = found.iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [4, 6, 7, 8, 9, 11], "{found:?}");
    assert!(faults("a,b\n1,2\n").iter().any(|one| one.0 == 1 && one.2 == Flaw::Unmapped));
}

#[test]
fn amounts_are_exact_in_every_currency() {
    let head = "order,date,title,quantity,price,total,currency,payment status\n";
    let read = orders(&format!(
        "{head}A,2026-11-01,Tent,2,1250,2500,JPY,paid\nB,2026-11-01,Tent,1,1.250,1.250,KWD,paid\n\
         C,2026-11-01,Tent,1,\"1,234.50\",\"1,234.50\",EUR,paid\n"
    ));
    let totals: Vec<_> = read.iter().map(|order| order.totals.paid).collect();
    assert_eq!(totals, [2500, 1250, 123_450]);
    assert_eq!(faults(&format!("{head}A,2026-11-01,Tent,1,-5,1,EUR,paid\n")), [(2, "price".into(), Flaw::Number)]);
    for (price, currency) in [("10.5", "JPY"), ("10.5555", "EUR"), ("1.2505", "KWD")] {
        let text = format!("{head}A,2026-11-01,Tent,1,{price},1,{currency},paid\n");
        assert_eq!(faults(&text), [(2, "price".into(), Flaw::Parts)], "{price} {currency}");
    }
    let read = orders(&format!("{head}A,2026-11-01,Tent,1,10.5000,10.5000,EUR,paid\n"));
    assert_eq!(read[0].totals.paid, 1050, "zeros are no smaller parts");
    // In a German file as in any other, nobody can say whether this is one or a thousand.
    let german = "Bestellnummer;Datum;Artikel;Menge;Einzelpreis;Währung\nA;01.11.2026;Zelt;1;1.250;EUR\n";
    assert_eq!(faults(german), [(2, "price".into(), Flaw::Thousands)]);
    let german = german.replace("EUR\n", "EUR\nB;01.11.2026;Seil;1;12,50;EUR\n");
    assert_eq!(faults(&german), [], "what else stands there says so");
}

#[test]
fn hostile_cells_are_texts_or_faults() {
    let head = "order,date,title,price,currency\n";
    let read = orders(&format!("{head}A,2026-11-01,\"=HYPERLINK(\"\"http://x.example\"\")\",1,EUR\n"));
    assert_eq!(read[0].lines[0].title, "=HYPERLINK(\"http://x.example\")");
    assert_eq!(
        orders(&format!("{head}=\"007\",2026-11-01,x,1,EUR\n"))[0].number,
        "007",
        "a spreadsheet keeps zeros so"
    );
    assert_eq!(faults(&format!("{head}A,2026-11-01,a\0b,1,EUR\n"))[0].2, Flaw::Unreadable);
    let long = "x".repeat(1 << 20);
    let found = faults(&format!("{head}A,2026-11-01,{long},1,EUR\nB,2026-11-01,x,1,EUR\n"));
    assert!(found.iter().all(|one| one.0 == 2) && found.iter().any(|one| one.2 == Flaw::TooLong), "{found:?}");
    let many = "A,2026-11-01,x,1,EUR\n".repeat(501);
    assert_eq!(faults(&format!("{head}{many}")), [(2, String::new(), Flaw::TooManyLines)]);
    assert_eq!(orders(&format!("{head}{}", "A,2026-11-01,x,1,EUR\n".repeat(500)))[0].lines.len(), 500);
    assert!(encoding(b"\xFF\xFEa\0").is_err() && encoding(b"PK\x03\x04").is_err());
    assert_eq!(encoding("Zelt für zwei".as_bytes()).unwrap(), Encoding::Utf8);
    assert_eq!(encoding(b"Zelt f\xFCr zwei").unwrap(), Encoding::Windows1252);
    assert_eq!(
        encoding("Müsli für Ärzte, ".bytes().chain(*b"M\xFCsli").collect::<Vec<_>>().as_slice()).unwrap(),
        Encoding::Utf8
    );
    let unclosed = faults(&format!("{head}A,2026-11-01,x,1,EUR\nB,2026-11-01,\"x,1,EUR\nC,2026-11-01,x,1,EUR\n"));
    assert!(!unclosed.is_empty() && unclosed.iter().all(|one| one.0 == 3), "{unclosed:?}");
}

#[test]
fn days_are_read_as_they_are_written() {
    let head = "order,date,title,price,currency\n";
    let day = |text: &str| orders(&format!("{head}A,\"{text}\",x,1,EUR\n"))[0].placed_at.unwrap().to_string();
    assert_eq!(day("2026-11-27T10:00:00Z"), "2026-11-27T10:00:00.000Z");
    assert_eq!(day("27.11.2026"), "2026-11-26T23:00:00.000Z");
    assert_eq!(day("27/11/2026 10:15"), "2026-11-27T09:15:00.000Z");
    assert_eq!(day("11/27/2026, 1:15 PM"), "2026-11-27T12:15:00.000Z");
    assert_eq!(day("2026-11-27 10:00:00 -0500"), "2026-11-27T15:00:00.000Z");
    for odd in ["31.02.2026", "2026-13-01", "1.1.1900", "27.11.2026 25:00", "soon"] {
        assert_eq!(faults(&format!("{head}A,{odd},x,1,EUR\n")), [(2, "placed_at".into(), Flaw::Date)], "{odd}");
    }
}

#[test]
fn a_table_is_taken_up_where_it_was_left() {
    let mut text = "order,date,title,price,currency\n".to_owned();
    for n in 0..50 {
        writeln!(text, "A{},2026-11-01,x,1,EUR", n / 2).unwrap();
    }
    let plan = plan(&text);
    let (mut table, _) = Table::open(text.as_bytes(), &plan).unwrap();
    for _ in 0..7 {
        table.next_thing().unwrap();
    }
    assert_eq!(table.done(), 14);
    let (mut again, _) = Table::open(text.as_bytes(), &plan).unwrap();
    again.skip(table.done()).unwrap();
    let (one, two) = (table.next_thing().unwrap().unwrap(), again.next_thing().unwrap().unwrap());
    assert_eq!((one.line, one.what), (two.line, two.what));
    assert_eq!(again.done(), 16);
}
