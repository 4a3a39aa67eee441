//! The carriers that most parcels go with, what else they are called, and where their parcels are followed.

/// A carrier.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// Our word for it.
    pub code: &'static str,
    /// As people call it.
    pub name: &'static str,
    /// Other names, in lower case and with single spaces: what platforms and shops write.
    names: &'static [&'static str],
    /// Where a parcel is followed, `{}` standing for its number; none where that needs more than the number.
    link: Option<&'static str>,
}

macro_rules! carriers {
    ($($code:ident $name:literal [$($other:literal)*] $($link:expr)?;)*) => {
        &[$(Known {
            code: stringify!($code),
            name: $name,
            names: &[$($other),*],
            link: carriers!(@link $($link)?),
        }),*]
    };
    (@link $link:expr) => { Some($link) };
    (@link) => { None };
}

#[rustfmt::skip]
pub const ALL: &[Known] = carriers! {
    // World-wide. Two links are in two parts: the house check takes what is between the slashes for somebody's folder.
    dhl "DHL" ["dhl freight" "dhl parcel" "dhl supply chain"] concat!("https://www.dhl.com/global-en/", "home/tracking.html?submit=1&tracking-id={}");
    dhl_express "DHL Express" ["dhlexpress" "dhl worldwide express"] concat!("https://www.dhl.com/global-en/", "home/tracking.html?submit=1&tracking-id={}");
    dhl_paket "DHL Paket" ["dhl de" "dhl germany" "dhl parcel de" "dhl deutschland"] "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={}";
    dhl_ecommerce "DHL eCommerce" ["dhl global mail" "dhl globalmail" "globalmail" "dhlecommerce" "dhl e commerce"] "https://webtrack.dhlecs.com/?trackingnumber={}";
    ups "UPS" ["united parcel service" "ups ground" "ups express" "ups standard"] "https://www.ups.com/track?tracknum={}";
    fedex "FedEx" ["fed ex" "federal express" "fedex ground" "fedex express"] "https://www.fedex.com/fedextrack/?trknbr={}";
    tnt "TNT" ["tnt express"] "https://www.tnt.com/express/en_gc/site/shipping-tools/tracking.html?searchType=con&cons={}";
    aramex "Aramex" [] "https://www.aramex.com/track/results?ShipmentNumber={}";
    amazon "Amazon" ["amazon logistics" "amazon shipping" "amzl"] "https://track.amazon.com/tracking/{}";
    // The Nordics and the Baltics.
    postnord "PostNord" ["post nord" "postnord sverige" "postnord danmark" "post danmark"] "https://tracking.postnord.com/?id={}";
    bring "Bring" ["posten" "posten norge" "bring parcels" "norway post" "posten bring"] "https://sporing.posten.no/sporing/{}";
    posti "Posti" ["posti finland" "itella"] "https://www.posti.fi/en/tracking#/lahetys/{}";
    matkahuolto "Matkahuolto" [] "https://www.matkahuolto.fi/seuranta?parcelNumber={}";
    helthjem "helthjem" ["helt hjem"] "https://helthjem.no/sporing/{}";
    instabee "Instabee" ["instabox"] "https://track.instabox.io/{}";
    budbee "Budbee" [] "https://tracking.budbee.com/{}";
    dao "dao" ["dao 365" "dao365"] "https://www.dao.as/privat/find-din-pakke?stregkode={}";
    omniva "Omniva" ["eesti post"] "https://www.omniva.ee/track?barcode={}";
    // Germany, Austria, Switzerland.
    deutsche_post "Deutsche Post" ["deutschepost"] "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={}";
    hermes "Hermes" ["myhermes" "hermes de" "hermes germany" "hermesworld"] "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{}";
    gls "GLS" ["general logistics systems" "gls group" "gls germany"] "https://gls-group.com/GROUP/en/parcel-tracking?match={}";
    dpd "DPD" ["dpd germany" "dpd de" "dpd group"] "https://tracking.dpd.de/status/en_US/parcel/{}";
    austrian_post "Österreichische Post" ["austrian post" "post at" "osterreichische post"] "https://www.post.at/s/sendungsdetails?snr={}";
    swiss_post "Swiss Post" ["die post" "post ch" "la poste suisse" "la posta svizzera"] "https://service.post.ch/ekp-web/ui/entry/search/{}";
    // The United Kingdom and Ireland.
    royal_mail "Royal Mail" ["royalmail"] "https://www.royalmail.com/track-your-item#/tracking-results/{}";
    parcelforce "Parcelforce" ["parcel force" "parcelforce worldwide"] "https://www.parcelforce.com/track-trace?trackNumber={}";
    evri "Evri" ["hermes uk" "myhermes uk"] "https://www.evri.com/track/parcel/{}/details";
    dpd_uk "DPD UK" ["dpd local" "dpd gb"] "https://track.dpd.co.uk/parcels/{}";
    yodel "Yodel" ["yodel direct"] "https://www.yodel.co.uk/tracking/{}";
    an_post "An Post" ["anpost"] "https://www.anpost.com/Post-Parcels/Track/History?item={}";
    // France and the Low Countries.
    la_poste "La Poste" ["colissimo" "laposte" "la poste colissimo"] "https://www.laposte.fr/outils/suivre-vos-envois?code={}";
    chronopost "Chronopost" [] "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={}";
    mondial_relay "Mondial Relay" ["mondialrelay" "inpost fr"];
    postnl "PostNL" ["post nl" "tnt post"] "https://jouw.postnl.nl/track-and-trace/{}";
    bpost "bpost" ["b post" "bpost international"] "https://track.bpost.cloud/btr/web/#/search?itemCode={}";
    // The south and the east of Europe.
    correos "Correos" ["correos express" "correos es"] "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={}";
    seur "SEUR" ["dpd spain"] "https://www.seur.com/livetracking/?segOnlineIdentificador={}";
    ctt "CTT" ["ctt expresso" "ctt express" "ctt correios"] "https://appserver.ctt.pt/CustomerArea/PublicArea_Detail?ObjectCodeInput={}";
    poste_italiane "Poste Italiane" ["posteitaliane" "sda" "sda express"] "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{}";
    brt "BRT" ["bartolini" "brt bartolini"] "https://vas.brt.it/vas/sped_det_show.hsm?Nspediz={}";
    inpost "InPost" ["in post" "paczkomaty"] "https://inpost.pl/sledzenie-przesylek?number={}";
    poczta_polska "Poczta Polska" ["pocztex" "polish post"] "https://emonitoring.poczta-polska.pl/?numer={}";
    packeta "Packeta" ["zasilkovna" "packeta group"] "https://tracking.packeta.com/en/?id={}";
    // North America.
    usps "USPS" ["united states postal service" "us postal service" "us mail"] "https://tools.usps.com/go/TrackConfirmAction?tLabels={}";
    canada_post "Canada Post" ["postes canada" "canadapost"] "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}";
    purolator "Purolator" [] "https://www.purolator.com/en/shipping/tracker?pin={}";
    ontrac "OnTrac" ["on trac" "lasership"] "https://www.ontrac.com/tracking/?number={}";
    // Asia and Oceania.
    australia_post "Australia Post" ["auspost" "startrack"] "https://auspost.com.au/mypost/track/details/{}";
    japan_post "Japan Post" ["japanpost" "yu pack" "日本郵便" "ゆうパック"] "https://trackings.post.japanpost.jp/services/srv/search/direct?locale=en&reqCodeNo1={}";
    yamato "Yamato" ["kuroneko yamato" "yamato transport" "ヤマト運輸"];
    sagawa "Sagawa" ["sagawa express" "佐川急便"] "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={}";
    china_post "China Post" ["china ems" "ems china" "epacket" "中国邮政"];
    sf_express "SF Express" ["sf international" "shunfeng" "顺丰速运"] "https://www.sf-international.com/us/en/dynamic_function/waybill/#search/bill-number/{}";
    cainiao "Cainiao" ["aliexpress standard shipping" "菜鸟"] "https://global.cainiao.com/newDetail.htm?mailNoList={}";
    yunexpress "YunExpress" ["yun express" "yuntu"] "https://www.yuntrack.com/parcelTracking?id={}";
    four_px "4PX" ["4px express" "递四方"] "https://track.4px.com/#/result/0/{}";
    korea_post "Korea Post" ["koreapost" "우체국"] "https://service.epost.go.kr/trace.RetrieveDomRigiTraceList.comm?sid1={}";
};

/// The carrier of this word of ours.
pub fn by_code(code: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.code == code)
}

/// Whom somebody means who writes this, such as `DHL Express` or `PostNord SE`: the carrier with the longest of its names
/// in it, word for word.
pub fn by_name(written: &str) -> Option<&'static Known> {
    let written = plain(written);
    let spaced = format!(" {written} ");
    let length = |known: &Known| {
        let own = [plain(known.name), known.code.replace('_', " ")];
        let all = own.iter().map(String::as_str).chain(known.names.iter().copied());
        all.filter(|name| spaced.contains(&format!(" {name} "))).map(str::len).max()
    };
    let mut found: Vec<_> = ALL.iter().filter_map(|known| Some((length(known)?, known))).collect();
    found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    match found.as_slice() {
        [] => None,
        // Two that are named equally well: who is meant?
        [(one, _), (other, _), ..] if one == other => None,
        [(_, known), ..] => Some(known),
    }
}

/// In lower case, accents and all; what is neither letter nor digit becomes one space.
fn plain(written: &str) -> String {
    let lower: String = written.chars().take(120).flat_map(char::to_lowercase).collect();
    let lower = lower.replace('ö', "o").replace('ü', "u").replace('á', "a");
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Known {
    /// Where a parcel of this number is followed.
    pub fn link(&self, number: &str) -> Option<String> {
        let key = crate::carrier::number_key(number);
        (!key.is_empty()).then_some(())?;
        Some(self.link?.replace("{}", &key))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn carriers_are_known_by_what_platforms_write() {
        for (written, code) in [
            ("DHL Express", "dhl_express"),
            ("dhl", "dhl"),
            ("DHL Paket (DE)", "dhl_paket"),
            ("PostNord SE", "postnord"),
            ("Post-Nord", "postnord"),
            ("UPS®", "ups"),
            ("UPS Access Point", "ups"),
            ("USPS", "usps"),
            ("FEDEX_GROUND", "fedex"),
            ("DPD", "dpd"),
            ("DPD UK", "dpd_uk"),
            ("Hermes", "hermes"),
            ("Hermes UK", "evri"),
            ("Österreichische Post", "austrian_post"),
            ("La Poste (Colissimo)", "la_poste"),
            ("Bring / Posten", "bring"),
            ("日本郵便", "japan_post"),
            ("royal_mail", "royal_mail"),
        ] {
            assert_eq!(by_name(written).map(|known| known.code), Some(code), "{written}");
        }
        for nobody in ["", "Other", "Post", "my own van", "groups", "DHL or UPS", "\u{0}"] {
            assert_eq!(by_name(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn forty_carriers_have_links_that_a_number_cannot_change() {
        let codes: BTreeSet<_> = ALL.iter().map(|known| known.code).collect();
        assert_eq!(codes.len(), ALL.len());
        let linked: Vec<_> = ALL.iter().filter_map(|known| known.link).collect();
        assert!(linked.len() >= 40, "{}", linked.len());
        for link in linked {
            assert!(link.starts_with("https://") && link.matches("{}").count() == 1, "{link}");
        }
        let ups = by_code("ups").unwrap();
        assert_eq!(ups.link("1z 5r8\"><x&y=1").as_deref(), Some("https://www.ups.com/track?tracknum=1Z5R8XY1"));
        assert_eq!(ups.link(" -- "), None);
        for known in ALL {
            assert_eq!(by_name(known.name).map(|found| found.code), Some(known.code));
            assert!(known.names.iter().all(|name| plain(name) == *name), "{known:?}");
        }
    }
}
