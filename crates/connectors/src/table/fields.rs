//! What can be read of a table, and by which names the columns of other systems call it: in English, in German, and as
//! the exports of the shop systems that most people come from do.

use super::Holds;

/// What stands in a field's cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    /// At most 200 bytes.
    Id,
    Email,
    Link,
    Country,
    Currency,
    Money,
    Whole,
    Date,
    YesNo,
    /// Several, with commas between them.
    List,
    /// One of ours, and what others call it.
    Word(Words),
}

type Words = &'static [(&'static str, &'static [&'static str])];

#[derive(Debug)]
pub struct Field {
    pub key: &'static str,
    pub kind: FieldKind,
    /// Each row has its own; the others are said once of all rows of an order or a product.
    pub each: bool,
    /// In small letters and digits alone.
    pub names: &'static [&'static str],
}

const fn one(key: &'static str, kind: FieldKind, names: &'static [&'static str]) -> Field {
    Field { key, kind, each: false, names }
}

const fn each(key: &'static str, kind: FieldKind, names: &'static [&'static str]) -> Field {
    Field { key, kind, each: true, names }
}

use FieldKind::{Country, Currency, Date, Email, Id, Link, List, Money, Text, Whole, Word, YesNo};

pub fn fields(holds: Holds) -> &'static [Field] {
    match holds {
        Holds::Customers => CUSTOMERS,
        Holds::Products => PRODUCTS,
        Holds::Orders => ORDERS,
        Holds::Shipments => SHIPMENTS,
    }
}

/// Of each of these lists one field at least needs a column, and of one of those each thing needs a value.
pub fn needed(holds: Holds) -> &'static [&'static [&'static str]] {
    match holds {
        Holds::Customers => &[&["email", "id", "phone"]],
        Holds::Products => &[&["id"], &["title"]],
        Holds::Orders => &[&["number"], &["placed_at"], &["title"], &["price", "line_total"]],
        Holds::Shipments => &[&["order"], &["tracking"]],
    }
}

/// What tells one thing from another; the first that has a value.
pub fn keys(holds: Holds) -> &'static [&'static str] {
    match holds {
        Holds::Customers => &["id", "email", "phone"],
        Holds::Products => &["id"],
        // Exports say the number in each row, and the rest in the first.
        Holds::Orders => &["number", "id"],
        Holds::Shipments => &["order"],
    }
}

const CUSTOMERS: &[Field] = &[
    one("id", Id, &["customerid", "id", "userid", "kundennummer", "kundennr", "kundenid", "accountid"]),
    one(
        "email",
        Email,
        &["email", "emailaddress", "mail", "emailadresse", "customeremail", "useremail", "billingemail"],
    ),
    one("name", Text, &["name", "fullname", "customer", "customername", "kunde", "kundenname", "displayname"]),
    one("first_name", Text, &["firstname", "vorname", "billingfirstname", "givenname"]),
    one("last_name", Text, &["lastname", "nachname", "familienname", "surname", "billinglastname"]),
    one(
        "phone",
        Text,
        &["phone", "phonenumber", "telefon", "telefonnummer", "mobile", "billingphone", "defaultaddressphone"],
    ),
    one("language", Text, &["language", "locale", "sprache"]),
    one("tags", List, &["tags", "schlagworte", "customertags"]),
    one("accepts_marketing", YesNo, &["acceptsemailmarketing", "acceptsmarketing", "newsletter"]),
    one("changed_at", Date, &["changedat", "updatedat", "modified", "geändertam", "lastupdate"]),
];

const PRODUCTS: &[Field] = &[
    one("id", Id, &["id", "handle", "productid", "produktid", "artikelnummer", "artikelnr", "slug"]),
    one(
        "title",
        Text,
        &["title", "name", "productname", "titel", "produktname", "bezeichnung", "artikelname", "artikel"],
    ),
    one("picture", Link, &["imagesrc", "image", "picture", "bild", "imageurl", "bildurl"]),
    one("url", Link, &["url", "producturl", "link", "permalink", "externalurl"]),
    one("active", YesNo, &["status", "published", "active", "aktiv", "veröffentlicht"]),
    one("tags", List, &["tags", "schlagworte"]),
    one("changed_at", Date, &["changedat", "updatedat", "modified", "geändertam"]),
    each("variant", Id, &["variantid", "variantenid"]),
    each("sku", Id, &["sku", "variantsku", "artikelcode", "ean"]),
    each("variant_title", Text, &["varianttitle", "variant", "variante", "option1value", "variantname"]),
    each(
        "price",
        Money,
        &["price", "variantprice", "regularprice", "preis", "bruttopreis", "vkpreis", "verkaufspreis"],
    ),
    one("currency", Currency, &["currency", "währung", "waehrung"]),
    each(
        "stock",
        Whole,
        &["stock", "variantinventoryqty", "inventory", "bestand", "lagerbestand", "inventoryquantity"],
    ),
];

const ORDERS: &[Field] = &[
    one(
        "number",
        Id,
        &[
            "number",
            "ordernumber",
            "order",
            "name",
            "orderno",
            "bestellnummer",
            "bestellnr",
            "auftragsnummer",
            "bestellung",
        ],
    ),
    one("id", Id, &["orderid", "id", "bestellid", "postid"]),
    one(
        "placed_at",
        Date,
        &["createdat", "orderdate", "date", "placedat", "bestelldatum", "datum", "bestelltam", "datecreated"],
    ),
    one("changed_at", Date, &["changedat", "updatedat", "modified", "datemodified", "modifieddate", "geändertam"]),
    one("status", Word(STATUS), &["orderstatus", "status", "bestellstatus"]),
    one("payment", Word(PAYMENT), &["financialstatus", "paymentstatus", "zahlungsstatus"]),
    one(
        "fulfilment",
        Word(FULFILMENT),
        &["fulfillmentstatus", "fulfilmentstatus", "shippingstatus", "versandstatus", "lieferstatus"],
    ),
    one("cancelled_at", Date, &["cancelledat", "canceledat", "storniertam"]),
    one("currency", Currency, &["currency", "ordercurrency", "währung", "waehrung"]),
    one(
        "email",
        Email,
        &["email", "customeremail", "emailbilling", "billingemail", "emailadresse", "kundenemail", "emailaddress"],
    ),
    one("customer", Id, &["customerid", "customeruserid", "kundennummer", "kundennr", "userid"]),
    one("customer_name", Text, &["customername", "customer", "kunde", "kundenname", "billingname", "rechnungsname"]),
    one("first_name", Text, &["firstnamebilling", "billingfirstname", "firstname", "vorname"]),
    one("last_name", Text, &["lastnamebilling", "billinglastname", "lastname", "nachname"]),
    one("phone", Text, &["phone", "phonebilling", "billingphone", "telefon"]),
    one("language", Text, &["language", "locale", "sprache"]),
    each(
        "title",
        Text,
        &[
            "lineitemname",
            "itemname",
            "productname",
            "product",
            "title",
            "artikel",
            "artikelname",
            "produkt",
            "bezeichnung",
            "itemtitle",
            "item",
        ],
    ),
    each("variant_title", Text, &["varianttitle", "variant", "variante", "itemvariant", "productvariation"]),
    each("sku", Id, &["lineitemsku", "sku", "artikelnummer", "itemsku", "artikelnr"]),
    each("product", Id, &["productid", "produktid", "lineitemproductid"]),
    each("line_id", Id, &["lineitemid", "lineid", "itemid", "positionsid", "position"]),
    each("quantity", Whole, &["lineitemquantity", "quantity", "qty", "itemquantity", "menge", "anzahl"]),
    each(
        "price",
        Money,
        &["lineitemprice", "price", "itemcost", "itemprice", "unitprice", "einzelpreis", "preis", "stückpreis"],
    ),
    each("line_discount", Money, &["lineitemdiscount", "itemdiscount", "positionsrabatt"]),
    each("line_tax", Money, &["lineitemtax", "itemtax", "positionssteuer"]),
    each(
        "line_total",
        Money,
        &["linetotal", "lineitemtotal", "itemtotal", "positionssumme", "gesamtpreis", "zeilensumme"],
    ),
    each("shipped", Whole, &["lineitemshipped", "quantityshipped", "versandt", "gelieferteanzahl"]),
    one("subtotal", Money, &["subtotal", "ordersubtotalamount", "zwischensumme", "warenwert"]),
    one(
        "discount",
        Money,
        &["discountamount", "cartdiscountamount", "orderdiscount", "discount", "rabatt", "discounttotal"],
    ),
    one("discount_code", Text, &["discountcode", "couponcode", "coupon", "coupons", "gutscheincode", "rabattcode"]),
    one(
        "shipping",
        Money,
        &["shipping", "ordershippingamount", "shippingtotal", "shippingcost", "versandkosten", "versand"],
    ),
    one("tax", Money, &["taxes", "ordertotaltaxamount", "tax", "taxtotal", "steuer", "steuern", "mwst"]),
    one(
        "total",
        Money,
        &["total", "ordertotalamount", "ordertotal", "grandtotal", "gesamtsumme", "gesamtbetrag", "summe", "gesamt"],
    ),
    one("paid", Money, &["paidamount", "amountpaid", "paid", "bezahlt", "gezahlt"]),
    one(
        "refunded",
        Money,
        &["refundedamount", "orderrefundamount", "refunded", "erstattet", "erstattung", "refundtotal"],
    ),
    one("payment_method", Text, &["paymentmethod", "paymentmethodtitle", "zahlungsart", "zahlungsmethode"]),
    one("shipping_method", Text, &["shippingmethod", "shippingmethodtitle", "versandart"]),
    one("shipping_name", Text, &["shippingname", "lieferadressename", "empfänger", "empfaenger", "recipient"]),
    one("shipping_first_name", Text, &["firstnameshipping", "shippingfirstname"]),
    one("shipping_last_name", Text, &["lastnameshipping", "shippinglastname"]),
    one("shipping_company", Text, &["shippingcompany", "companyshipping"]),
    one(
        "shipping_line1",
        Text,
        &[
            "shippingaddress1",
            "address12shipping",
            "shippingstreet",
            "shippingaddress",
            "address1shipping",
            "lieferstraße",
            "strasse",
            "straße",
            "street",
        ],
    ),
    one("shipping_line2", Text, &["shippingaddress2", "address2shipping", "adresszusatz"]),
    one(
        "shipping_postcode",
        Text,
        &["shippingzip", "postcodeshipping", "shippingpostcode", "plz", "postleitzahl", "postcode", "zip"],
    ),
    one("shipping_city", Text, &["shippingcity", "cityshipping", "ort", "stadt", "city"]),
    one("shipping_region", Text, &["shippingprovince", "statecodeshipping", "shippingstate", "bundesland"]),
    one(
        "shipping_country",
        Country,
        &["shippingcountry", "countrycodeshipping", "shippingcountrycode", "land", "country", "lieferland"],
    ),
    one("shipping_phone", Text, &["shippingphone", "phoneshipping"]),
    one("tags", List, &["tags", "schlagworte"]),
    one("note", Text, &["notes", "note", "customernote", "notiz", "bemerkung", "kundennotiz"]),
];

const SHIPMENTS: &[Field] = &[
    one(
        "order",
        Id,
        &["order", "ordernumber", "name", "orderid", "bestellnummer", "bestellnr", "auftragsnummer", "bestellung"],
    ),
    one(
        "tracking",
        Id,
        &["trackingnumber", "tracking", "trackingno", "sendungsnummer", "paketnummer", "trackingnummer", "number"],
    ),
    one("id", Id, &["shipmentid", "fulfillmentid", "parcelid", "sendungsid", "id"]),
    one(
        "carrier",
        Text,
        &[
            "carrier",
            "trackingcompany",
            "shippingcompany",
            "shippingprovider",
            "trackingprovider",
            "versanddienstleister",
            "dienstleister",
            "paketdienst",
        ],
    ),
    one("url", Link, &["trackingurl", "trackinglink", "url", "sendungslink"]),
    one(
        "shipped_at",
        Date,
        &["shippedat", "fulfilledat", "shipdate", "dateshipped", "versanddatum", "versandtam", "date", "datum"],
    ),
    one("expected_at", Date, &["expectedat", "estimateddelivery", "eta", "lieferdatum", "voraussichtlich"]),
    one("delivered_at", Date, &["deliveredat", "deliverydate", "zugestelltam", "geliefertam"]),
];

const PAYMENT: Words = &[
    ("paid", &["completed", "complete", "captured", "bezahlt", "ja", "yes"]),
    ("pending", &["unpaid", "open", "offen", "unbezahlt", "ausstehend", "awaiting", "nein", "no"]),
    ("authorized", &["authorised", "autorisiert"]),
    ("partially_paid", &["teilweisebezahlt", "partlypaid"]),
    ("partially_refunded", &["teilweiseerstattet", "partlyrefunded"]),
    ("refunded", &["erstattet"]),
    ("voided", &["void", "failed", "cancelled", "canceled", "storniert"]),
];

const FULFILMENT: Words = &[
    ("unfulfilled", &["unshipped", "pending", "open", "offen", "nichtversandt", "unversandt", "nein", "no"]),
    ("on_hold", &["zurückgestellt"]),
    ("in_progress", &["processing", "inbearbeitung"]),
    ("partial", &["partiallyfulfilled", "partiallyshipped", "teilweiseversandt"]),
    ("fulfilled", &["shipped", "delivered", "versandt", "versendet", "geliefert", "zugestellt", "ja", "yes"]),
    ("returned", &["restocked", "zurückgesandt"]),
];

/// One word for all of an order, as systems have it that know no more.
const STATUS: Words = &[
    ("open", &["processing", "wcprocessing", "offen", "inbearbeitung", "bezahlt", "paid", "new", "neu"]),
    ("waiting", &["pending", "wcpending", "pendingpayment", "onhold", "wconhold", "ausstehend", "wartend", "unpaid"]),
    (
        "completed",
        &[
            "complete",
            "wccompleted",
            "closed",
            "shipped",
            "delivered",
            "abgeschlossen",
            "versandt",
            "geliefert",
            "fertig",
        ],
    ),
    ("cancelled", &["canceled", "wccancelled", "storniert", "abgebrochen"]),
    ("refunded", &["wcrefunded", "erstattet"]),
    ("failed", &["wcfailed", "fehlgeschlagen"]),
];
