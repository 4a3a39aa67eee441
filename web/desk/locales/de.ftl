### Der Schreibtisch auf Deutsch. Kolleginnen und Kollegen duzen sich hier.

## Seiten
title-page = { $page } · Shopbell
skip = Zum Gespräch springen
page-inbox = Posteingang
page-customers = Kunden
page-search = Suche
page-settings = Einstellungen
page-sign-in = Anmelden
page-setup = Einrichten
page-reset = Neues Passwort
page-invitation = Einladung

## Überall
cancel = Abbrechen
close = Schließen
copy = Kopieren
copied = Kopiert
delete = Löschen
done = Fertig
edit = Bearbeiten
save = Änderungen speichern
undo = Rückgängig
actions = Aktionen
loading = Wird geladen
more = Weitere Aktionen
try-again = Noch einmal versuchen
remove = { $name } entfernen
someone = Jemand aus dem Team
language = Sprache
language-unknown = Nicht bekannt
back-to-list = Zurück zur Liste
back-to-ticket = Zurück zum Gespräch
find-nothing = Nichts gefunden
find-person = Person suchen
find-tag = Schlagwort suchen oder anlegen
find-team = Team suchen
rows-failed = Diese Liste konnte nicht geladen werden

## Zeiten und Größen
time-today = Heute { $clock }
time-tomorrow = Morgen { $clock }
time-minutes = { $n } Min.
time-hours = { $h } Std. { $m }
time-days = { $n } T.
until = bis { $at }
seconds = { $n } s
size-bytes = { $n } B
size-kb = { $n } KB
size-mb = { $n } MB

## Störungen
problem-unknown = Etwas ist schiefgegangen. Es ging nichts verloren.
problem-offline = Der Server antwortet nicht.
problem-conflict = Jemand hat das inzwischen geändert. Sieh es dir noch einmal an und entscheide dann.
problem-slow-down = Zu viele Anfragen. In { $n } s geht es weiter.
action-failed = { $action } hat nicht geklappt: { $why }

## Leiste
rail-main = Hauptbereiche
rail-inbox = Posteingang
rail-customers = Kunden
rail-keys = Tastenkürzel
rail-settings = Einstellungen
rail-me = Ich
rail-account = Konto von { $name }
rail-profile = Profil
rail-sign-out = Abmelden
rail-unassigned = { $n } ohne Zuständige

## Verbindung
line-lost = Keine Verbindung seit { $clock }.
line-next = Nächster Versuch in { $n } s
line-trying = Versuch läuft
line-now = Jetzt
line-waiting = { $n ->
    [one] 1 Änderung wartet auf den Versand
   *[other] { $n } Änderungen warten auf den Versand
 }
line-queue = Wartet auf den Versand
line-queue-about = Geht in dieser Reihenfolge hinaus, sobald die Verbindung wieder steht.
line-queue-empty = Alles ist hinausgegangen.
line-drop = Nicht senden
act-change = Änderung an #{ $number }
act-snooze = Zurückstellen von #{ $number }
act-wake = Wecken von #{ $number }
act-reply = Antwort in #{ $number }
act-note = Notiz hinzufügen

## Ansichten
views-label = Ansichten und Warteschlangen
views-inbox = Posteingang
views-teams = Teams
views-saved = Eigene Ansichten
views-none = Speichere einen Filter, um ihn hier wiederzufinden.
views-online = { $n } von { $all } im Team online
finder = Suchen oder tun
view-open = Offen
view-mine = Mir zugewiesen
view-unassigned = Ohne Zuständige
view-mentions = Erwähnungen
view-snoozed = Zurückgestellt
view-drafts = Entwürfe
view-waiting = Wartend
view-solved = Gelöst
view-spam = Spam
view-any-shelf = Alles außer Spam
view-new = Neue Ansicht
view-edit = Ansicht bearbeiten
view-delete = Ansicht löschen
view-deleted = Ansicht „{ $name }“ gelöscht
view-more = Optionen von { $name }
view-name = Name
view-shelf = Ablage
view-sort = Reihenfolge
view-shared = Alle sehen diese Ansicht
view-shared-hint = Sonst siehst nur du sie.
view-save = Ansicht speichern

## Liste
list-label = Tickets, { $view }
list-shelves = Status
list-sort = Reihenfolge
sort-updated = Neueste Änderung zuerst
sort-oldest = Älteste Änderung zuerst
list-loading = Tickets werden geladen
list-more = Weitere werden geladen
list-select = Tickets auswählen
list-failed = Die Liste konnte nicht geladen werden
list-empty = Nichts in { $view }
list-empty-text = Neue Tickets erscheinen hier von selbst.
list-empty-filter = Kein Ticket passt zu diesem Filter
list-empty-filter-text = Ein weiterer Filter zeigt mehr.
list-take = Eins ohne Zuständige nehmen
row-unread = Ungelesen
row-messages = { $n } Nachrichten
row-snoozed = Zurückgestellt bis{" "}
row-waiting = Wartet { $span }
row-writing = { $name } schreibt…
row-assigned = Zuständig: { $name }
row-more-tags = +{ $n }
row-select = #{ $number } auswählen
no-subject = Kein Betreff
customer-unknown = Unbekannte Person
customer-visitor = Besucher { $n }
hint-move = bewegen
hint-reply = antworten
hint-note = Notiz
hint-solve = lösen
hint-all = alle Tasten

## Filter
filter = Filter
filter-on = Filter, { $n } gesetzt
filter-any = Beliebig
filter-unread = Nur ungelesene
filter-apply = Tickets zeigen
filter-clear = Filter leeren
filter-save = Als Ansicht speichern
field-status = Status
field-priority = Dringlichkeit
field-assignee = Zuständig
field-team = Team
field-tag = Schlagwort
field-inbox = Postfach

## Wörter eines Tickets
status-new = Neu
status-new-hint = Noch niemand hat geantwortet
status-open = Offen
status-open-hint = Wir sind am Zug
status-pending = Wartend
status-pending-hint = Die Kundschaft ist am Zug
status-on_hold = Angehalten
status-on_hold-hint = Jemand Drittes ist am Zug
status-solved = Gelöst
status-solved-hint = Erledigt; eine Antwort öffnet es wieder
status-closed = Geschlossen
status-snoozed = Zurückgestellt
status-spam = Spam
priority-urgent = Dringend
priority-high = Hoch
priority-normal = Normal
priority-low = Niedrig
assignee-me = Ich
assignee-me-name = { $name } (ich)
assignee-nobody = Niemand
team-none = Kein Team
channel-email = E-Mail
channel-chat = Chat
channel-whatsapp = WhatsApp
channel-messenger = Messenger
channel-instagram = Instagram
channel-x = X
channel-telegram = Telegram
channel-sms = SMS
channel-voice = Telefon
channel-phone = Telefon
channel-form = Kontaktformular
channel-review = Bewertung
channel-in_person = Persönlich
channel-page = Sendungsverfolgung
channel-api = API
channel-handle = Name im Netz
channel-shop_account = Kundenkonto
channel-visitor = Browser

## Mehrere
bulk-label = Ausgewählte Tickets
bulk-all = Alle gezeigten auswählen
bulk-n = { $n } ausgewählt
bulk-clear = Auswahl aufheben
bulk-priority = Dringlichkeit: { $priority }
bulk-team = Team: { $team }
bulk-said-status = { $n ->
    [one] 1 Ticket: { $status }
   *[other] { $n } Tickets: { $status }
 }
bulk-said-assign = { $n ->
    [one] 1 Ticket, zuständig: { $name }
   *[other] { $n } Tickets, zuständig: { $name }
 }
bulk-said-tag = { $n ->
    [one] 1 Ticket mit { $tag } versehen
   *[other] { $n } Tickets mit { $tag } versehen
 }
bulk-said-priority = { $n ->
    [one] 1 Ticket: Dringlichkeit { $priority }
   *[other] { $n } Tickets: Dringlichkeit { $priority }
 }
bulk-said-team = { $n ->
    [one] 1 Ticket an { $team } gegeben
   *[other] { $n } Tickets an { $team } gegeben
 }
bulk-said-spam = { $n ->
    [one] 1 Ticket als Spam markiert
   *[other] { $n } Tickets als Spam markiert
 }
bulk-said-snooze = { $n ->
    [one] 1 Ticket zurückgestellt bis { $until }
   *[other] { $n } Tickets zurückgestellt bis { $until }
 }

## Ticket
desk-none-open = Kein Ticket ist offen
desk-none-open-text = Wähle eins aus der Liste, oder drücke { $key } für das erste.
ticket-loading = Ticket wird geladen
ticket-failed = Das Ticket konnte nicht geladen werden
ticket-missing = Dieses Ticket gibt es nicht
solve = Lösen
reopen = Wieder öffnen
assign = Zuweisen
snooze = Zurückstellen
tags = Schlagwörter
tag-add = Schlagwort hinzufügen
tag-create = Schlagwort „{ $tag }“ anlegen
subject = Betreff
subject-edit = Betreff ändern
act-merge = Mit anderem Ticket zusammenführen
act-split = Nachrichten abtrennen
act-unread = Als ungelesen markieren
act-priority = Dringlichkeit ändern
act-team = An ein Team geben
act-link = Link kopieren
act-spam = Als Spam markieren
act-not-spam = Kein Spam
snooze-hour = In einer Stunde
snooze-evening = Heute später
snooze-tomorrow = Morgen früh
snooze-monday = Montag früh
snooze-week = In einer Woche
snooze-own = Zeitpunkt wählen
snooze-until = Kommt zurück
snooze-past = Wähle eine Zeit, die noch kommt.
snooze-wake = Jetzt wecken
merge-title = #{ $number } zusammenführen mit…
merge-about = Die Nachrichten ziehen um. Das lässt sich rückgängig machen.
merge-find = Ticket nach Nummer, Name oder Wörtern suchen
merge-into = Mit #{ $number } zusammenführen
merge-same-person = dieselbe Person
split-title = Nachrichten abtrennen
split-hint = Hake die Nachrichten an, die woanders hingehören.
split-n = { $n ->
    [one] 1 Nachricht kommt in ein neues Ticket
   *[other] { $n } Nachrichten kommen in ein neues Ticket
 }
split-pick = Nachricht von { $name } abtrennen
split-subject = Betreff des neuen Tickets
split-do = { $n ->
    [one] 1 Nachricht abtrennen
   *[other] { $n } Nachrichten abtrennen
 }
strip-label = Dieses Ticket nach Kanälen
strip-jump = Zu { $day } springen
ro-merged = Antworten gehen jetzt in das andere Ticket.
ro-closed = Dieses Ticket ist geschlossen. Eine neue Nachricht beginnt ein neues.
ro-viewer = Du kannst hier lesen, aber nicht antworten.
ro-open = Öffnen
notice-merged = Zusammengeführt mit #{ $number }
notice-merged-away = Mit einem anderen Ticket zusammengeführt
notice-writing = { $name } schreibt gerade eine Antwort
notice-note = Stattdessen eine Notiz schreiben
notice-reading = { $n ->
    [one] { $names } liest mit.
   *[other] { $names } lesen mit.
 }
notice-kin = #{ $number } gehört vielleicht dazu: { $subject }
notice-kin-open = Öffnen
notice-kin-merge = Zusammenführen
notice-hide = Ausblenden
notice-follows = Folgt auf ein früheres, geschlossenes Ticket
notice-follows-open = Das frühere öffnen

## Was getan wurde
said-solved = #{ $number } gelöst
said-reopened = #{ $number } ist wieder offen
said-assigned = #{ $number } gehört jetzt { $name }
said-assigned-me = #{ $number } gehört jetzt dir
said-unassigned = #{ $number } gehört jetzt niemandem
said-snoozed = #{ $number } kommt zurück: { $until }
said-spam = #{ $number } ist Spam
said-not-spam = #{ $number } ist kein Spam
said-renamed = Betreff geändert
said-status = Status: { $status }
said-priority = Dringlichkeit: { $priority }
said-team = Gegeben an { $team }
said-unread = #{ $number } ist ungelesen
said-merged = #{ $number } zusammengeführt mit #{ $into }
said-split = { $n ->
    [one] 1 Nachricht ist jetzt #{ $number }
   *[other] { $n } Nachrichten sind jetzt #{ $number }
 }
said-sent = Antwort in #{ $number } geht hinaus
said-sent-solved = Antwort in #{ $number } geht hinaus, Ticket gelöst
said-saved = Gespeichert
said-created = #{ $number } angelegt
said-password = Passwort geändert

## Verlauf
timeline-label = Gespräch
timeline-new = { $name } über { $channel }: { $text }
message = Nachricht
message-by = { $name }, { $at }
message-empty = Kein Text
message-details = Einzelheiten
message-fold = Nachricht einklappen
mail-frame = Inhalt der E-Mail
mail-from = Von
mail-to = An
mail-cc = Kopie
mail-date = Datum
mail-sent = Hinaus
mail-checks = Prüfungen
mail-original = Original herunterladen
message-cut = Diese Nachricht ist zu lang, um ganz gezeigt zu werden. Das Original enthält alles.
pictures-held = Bilder von anderswo werden nicht geladen.
pictures-show = Bilder zeigen
picture = Bild { $name }
download = { $name } herunterladen
show-quoted = Zitat zeigen
hide-quoted = Zitat ausblenden
show-signature = Signatur zeigen
hide-signature = Signatur ausblenden
sender-pass = Der Server des Absenders bürgt für diese Adresse
sender-fail = Der Absender konnte nicht bestätigt werden
sender-unproven = Adresse nicht bestätigt
sender-unproven-why = Die Adresse wurde in ein Formular getippt. Das kann jeder geschrieben haben.
automatic-auto_reply = Automatische Antwort
automatic-out_of_office = Abwesend
automatic-conversation = Nachgesendet
automatic-generated = Automatisch
automatic-newsletter = Newsletter
automatic-list = Newsletter
automatic-bounce = Zustellbericht
delivery-waits = wartet auf den Versand
delivery-drop = Nicht senden
delivery-leaving = geht hinaus…
delivery-in = geht in { $n } s hinaus
delivery-queued = unterwegs
delivery-sent = gesendet
delivery-read = gelesen { $at }
delivery-delivered = zugestellt
delivery-refused = nicht gesendet
delivery-bounced = kam zurück
delivery-retry = Noch einmal senden
events-summary = { $n } Ereignisse: { $text }
event-status = { $by ->
    [agent] { $who } hat den Status auf { $to } gesetzt
   *[other] Status auf { $to } gesetzt
 }
event-priority = { $by ->
    [agent] { $who } hat die Dringlichkeit auf { $to } gesetzt
   *[other] Dringlichkeit auf { $to } gesetzt
 }
event-assigned = { $by ->
    [agent] { $who } hat es { $to } zugewiesen
   *[other] { $to } zugewiesen
 }
event-took = { $who } hat es übernommen
event-unassigned = { $by ->
    [agent] { $who } hat die Zuständigkeit gelöst
   *[other] Zuständigkeit gelöst
 }
event-team = { $by ->
    [agent] { $who } hat es an { $to } gegeben
   *[other] An { $to } gegeben
 }
event-no-team = { $by ->
    [agent] { $who } hat es aus dem Team genommen
   *[other] Aus dem Team genommen
 }
event-subject = { $by ->
    [agent] { $who } hat den Betreff in „{ $to }“ geändert
   *[other] Betreff in „{ $to }“ geändert
 }
event-spam = { $by ->
    [agent] { $who } hat es als Spam markiert
   *[other] Als Spam markiert
 }
event-not-spam = { $by ->
    [agent] { $who } hat es aus dem Spam geholt
   *[other] Aus dem Spam geholt
 }
event-tagged = { $by ->
    [agent] { $who } hat { $tags } angeheftet
   *[other] { $tags } angeheftet
 }
event-untagged = { $by ->
    [agent] { $who } hat { $tags } entfernt
   *[other] { $tags } entfernt
 }
event-field = { $by ->
    [agent] { $who } hat { $field } geändert
   *[other] { $field } geändert
 }
event-snoozed = { $by ->
    [agent] { $who } hat es zurückgestellt bis { $until }
   *[other] Zurückgestellt bis { $until }
 }
event-ticket-created = Ticket angelegt
event-ticket-woken = Wieder da { $why }
event-ticket-reopened = Wieder geöffnet { $why }
event-ticket-merged = { $by ->
    [agent] { $who } hat es mit #{ $number } zusammengeführt
   *[other] Mit #{ $number } zusammengeführt
 }
event-ticket-took-over = { $by ->
    [agent] { $who } hat Ticket #{ $number } mit diesem zusammengeführt
   *[other] Ticket #{ $number } wurde mit diesem zusammengeführt
 }
event-ticket-gave-back = { $by ->
    [agent] { $who } hat das Zusammenführen mit Ticket #{ $number } rückgängig gemacht
   *[other] Zusammenführen mit Ticket #{ $number } rückgängig gemacht
 }
event-ticket-merge-undone = { $by ->
    [agent] { $who } hat das Zusammenführen rückgängig gemacht
   *[other] Zusammenführen rückgängig gemacht
 }
event-ticket-split = { $by ->
    [agent] { $who } hat Nachrichten abgetrennt
   *[other] Nachrichten abgetrennt
 }
event-ticket-split-undone = { $by ->
    [agent] { $who } hat das Abtrennen rückgängig gemacht
   *[other] Abtrennen rückgängig gemacht
 }
event-message-withdrawn = { $by ->
    [agent] { $who } hat eine Antwort vor dem Versand zurückgenommen
   *[other] Eine Antwort wurde vor dem Versand zurückgenommen
 }
why-time = weil die Zeit gekommen ist
why-reply = weil die Kundschaft geschrieben hat
why-agent = von Hand
why-same_subject = gleicher Betreff
why-same_customer = dieselbe Person
why-same_order = gleiche Bestellung

## Schreiben
reply = Antworten
reply-from = Senden von
reply-goes-along = Was bisher gesagt wurde, geht mit, und die Antwort steht auch im Chat.
reply-to = an { $to }
way-usual = zuletzt benutzt
way-not-here = gerade nicht auf der Seite
way-closes = noch { $time }
way-text-only = reiner Text
way-letters = bis { $n } Zeichen
way-files = bis { $n } Dateien, { $most }
way-no-files = keine Dateien
way-blocked-no_address = Keine Adresse, die es erreicht. Füge neben dem Ticket eine hinzu.
way-blocked-not_begun = Dort muss zuerst geschrieben werden
way-blocked-over = Dieses Gespräch ist vorbei, bis ein neues beginnt
way-blocked-window_closed = Geschlossen, bis dort wieder geschrieben wird
way-moved = Nicht über { $from }: { $why }. Es geht jetzt über { $to }.
way-none = Gerade kann nicht geantwortet werden. { $from }: { $why }
way-plain = Formatierung geht auf diesem Weg verloren: Nur der Text wird gesendet.
letters-left = { $n ->
    [one] Noch { $n } Zeichen
   *[other] Noch { $n } Zeichen
  }
letters-over = { $n ->
    [one] { $n } Zeichen zu viel für diesen Weg
   *[other] { $n } Zeichen zu viel für diesen Weg
  }
tone = Wie wir schreiben
tone-address = { $language }:
address-form-formal = Förmlich (Sie, vous, usted)
address-form-informal = Persönlich (du, tu, tú)
typing-unsaid = Noch nicht gesendet und nirgends gespeichert
reply-or-note = Antwort oder Notiz
note = Private Notiz
note-short = Notiz
note-hint = nur das Team sieht das
note-add = Notiz hinzufügen
note-solve = Notiz hinzufügen und lösen
note-wait = Notiz hinzufügen und warten
send = Senden
send-and = Senden und…
send-solve = Senden und lösen
send-wait = Senden und auf Antwort warten
editor-reply = Schreibe eine Antwort, / findet Textbausteine
editor-note = Schreibe eine Notiz, @ erwähnt jemanden
mention = Jemanden erwähnen
format-bold = Fett
format-italic = Kursiv
format-link = Link
format-bullets = Liste
format-numbers = Nummerierte Liste
format-quote = Zitat
format-code = Code
link-url = Adresse
link-set = Link setzen
attach = Datei anhängen
attachments = Anhänge
file-too-big = { $name } passt nicht: Alle Anhänge zusammen dürfen { $most } haben.
file-not-this-way = { $name } kann auf diesem Weg nicht gesendet werden.
file-wrong-kind = { $name } kann auf diesem Weg nicht gesendet werden; er trägt { $kinds }.
file-too-many = Höchstens { $n } Anhänge.
file-failed = { $name } konnte nicht angehängt werden: { $why }
file-pasted = Bild.png
file-rising = { $name } wird hochgeladen
file-stop = Hochladen abbrechen
cc-wrong = Das sieht nicht nach einer E-Mail-Adresse aus.
draft-saved = Entwurf gespeichert
draft-saving = Entwurf wird gespeichert…
signature-show = Signatur
signature-hide = Signatur ausblenden
overtaken-title = Jemand hat inzwischen geantwortet
overtaken-about = { $name } hat das geschickt, nachdem du zu schreiben begonnen hast. Deine Antwort auch senden?
overtaken-back = Erst lesen
overtaken-send = Trotzdem senden

## Neues Ticket
new-ticket = Neues Ticket
new-write = An die Kundschaft schreiben
new-note = Etwas notieren
new-who = Person
new-who-hint = Ein bekannter Name oder eine E-Mail-Adresse
new-send = Anlegen und senden
new-create = Ticket anlegen

## Eine Person
people-same = Dieselbe Person wie …
people-title = { $name } ist dieselbe Person wie …
people-about = Alles geht zu einer der beiden, die von da an für beide steht. Das lässt sich jederzeit zurücknehmen.
people-direction = { $from } geht in { $into } auf
people-moves = { $identities ->
    [one] 1 Adresse
   *[other] { $identities } Adressen
 }, { $tickets ->
    [one] 1 Ticket
   *[other] { $tickets } Tickets
 }, { $messages ->
    [one] 1 Nachricht
   *[other] { $messages } Nachrichten
 } und { $orders ->
    [one] 1 Bestellung
   *[other] { $orders } Bestellungen
 } ziehen um.
people-result = Beide heißen dann { $name }; was das Team zu beiden vermerkt hat, bleibt.
people-turn = Umdrehen
people-merge = Zusammenführen
people-merged = Mit dieser Person zusammengeführt
people-move = { $name }, { $at }
people-undo = Zusammenführung mit { $name } zurücknehmen
people-split = Einiges gehört zu jemand anderem …
people-split-title = Was gehört nicht zu { $name }?
people-split-about = Die gewählten Adressen werden eine eigene Person, mit allen Nachrichten, die über sie kamen. Tickets, in denen beide schrieben, bleiben hier. Das lässt sich zurücknehmen.
people-split-which = Adressen der anderen Person
people-split-do = Abtrennen
people-split-off = Von dieser Person abgetrennt
people-undo-split = Abtrennung von { $name } zurücknehmen
said-people-split = { $name } ist jetzt eine eigene Person
said-people-unsplit = { $name } ist wieder dieselbe Person
people-likely = Wer dieselbe Person sein könnte
people-maybe = Auch { $name }?
people-yes = Dieselbe Person …
people-yes-label = { $name } ist dieselbe Person …
people-no = Nicht dieselbe
people-no-label = { $name } ist nicht dieselbe Person
people-why-similar_address = ähnliche Adresse
people-why-same_phone = gleiche Telefonnummer, unbestätigt
people-why-same_order = schrieb von deren Bestellung
people-why-same_name = gleicher Name
people-why-left_address = Adresse in einem Chat genannt
people-why-same_domain = Adresse am selben Ort
said-people-dismissed = { $name } wird nicht mehr vorgeschlagen
said-people-restored = { $name } kann wieder vorgeschlagen werden
said-people-merged = { $from } gehört jetzt zu { $into }
said-people-unmerged = { $name } ist wieder eine eigene Person
event-customer = { $by ->
    [agent] { $who } hat es { $to } zugeordnet
   *[other] { $to } zugeordnet
 }

## Kundin, Kunde
customer-label = { $name } und Bestellungen
customer-scroll = Bestellungen und Vorgeschichte
customer-loading = Person wird geladen
customer-failed = Die Person konnte nicht geladen werden
customer-name = Name
customer-rename = Namen ändern
customer-note = Was das Team wissen sollte
customer-writes = Schreibt { $language }
customer-since = Bekannt seit { $at }
customer-more = Mehr zu dieser Person …
customer-more-title = Zu { $name }
customer-languages = Versteht
customer-languages-hint = Sprachen wie de, mit Kommas getrennt
customer-commas = Mit Kommas getrennt
customer-zone = Zeitzone
customer-zone-hint = Etwa Europe/Oslo
customer-address = Anschrift
customer-address-n = Anschrift { $n }
address-label = Wofür
address-name = Name
address-company = Firma
address-street = Straße und Hausnummer
address-extra = Stockwerk, Tür
address-postcode = Postleitzahl
address-city = Ort
address-region = Bundesland oder Provinz
address-country = Land
address-add = Weitere Anschrift
address-remove = Diese Anschrift entfernen
yes = Ja
no = Nein
attributes = Was der Shop wissen will
attribute-none = Nicht angegeben
settings-attributes = Kundenfelder
attributes-no = Noch keine eigenen Felder
attributes-no-text = Was du sonst von Kunden wissen willst, etwa die Schuhgröße.
attribute-new = Neues Feld
attribute-edit = Feld ändern
attribute-label = Name
attribute-label-hint = Wie es im Team gelesen wird
attribute-key = Schlüssel
attribute-key-hint = Für Programme, etwa shoe_size. Er ändert sich nie.
attribute-kind = Art
attribute-kind-text = Text
attribute-kind-number = Zahl
attribute-kind-boolean = Ja oder nein
attribute-kind-date = Tag
attribute-kind-choice = Eins von mehreren
attribute-choices = Zur Auswahl
attribute-delete = { $label } löschen?
attribute-delete-about = Was Kunden davon haben, bleibt gespeichert und zeigt sich wieder, wenn es ein Feld mit diesem Schlüssel gibt.
attribute-deleted = { $label } ist gelöscht
consents = Einwilligungen
consent-given = seit { $at }
consent-withdrawn = widerrufen { $at }
consent-withdraw = Widerrufen
consent-withdraw-label = Sie widerrufen { $what }
said-consent-withdrawn = { $what } ist widerrufen
consent-add = Einwilligung notieren …
consent-title = Worin { $name } einwilligt
consent-what = Was
consent-what-hint = Etwa Newsletter
consent-how = Wie
consent-how-hint = Wo und in welchen Worten, etwa: am Telefon, zweimal gefragt
settings-blocks = Gesperrte Absender
blocks-none = Niemand ist gesperrt
blocks-none-text = Was gesperrte Absender schreiben, liegt im Spam und kommt in keine Liste.
block-new = Absender sperren
block-title = { $name } sperren
block-about = Was sie senden, liegt im Spam, kommt in keine Liste und wird nicht von selbst beantwortet. Das lässt sich jederzeit zurücknehmen, und nichts wird gelöscht.
block-what = Was gesperrt wird
block-all = Alles, was { $name } sendet
block-customer = Kunde { $id }
block-domain = Alles von { $domain }
block-kind-domain = Mail-Domain
block-value = Adresse oder Domain
block-why = Warum
block-why-hint = Für das Team
block-when = Seit
block-do = Sperren
block-add = Sperren …
block-lift = Freigeben
block-since = Gesperrt: { $what } ({ $by }, { $at }).
block-unproven = Was erwiesenermaßen von dort ist, kommt weiter an.
said-blocked = Gesperrt: { $what }
said-unblocked = Freigegeben: { $what }
ticket-blocked = Der Absender ist gesperrt
journey = Alles, was geschah
journey-facts = Zur Person
journey-tab = Verlauf
journey-whole = Der ganze Verlauf
journey-kinds = Was gezeigt wird
journey-kind-message = Nachrichten
journey-kind-note = Notizen
journey-kind-ticket = Tickets
journey-kind-order = Bestellungen
journey-kind-visit = Besuche
journey-kind-event = Änderungen
journey-failed = Der Verlauf konnte nicht geladen werden
journey-loading = Verlauf wird geladen
journey-none = Davon ist noch nichts geschehen
journey-more = Früheres zeigen
journey-no-text = (kein Text)
journey-order = { $number }, { $total }, { $status }
journey-visit = Kam in den Chat
journey-customer-created = Wurde bekannt
journey-customer-changed = Geändert: { $fields }
journey-customer-merged = Mit einer anderen Person zusammengeführt
journey-customer-merge-undone = Eine Zusammenführung wurde zurückgenommen
journey-customer-split = Einige Adressen wurden eine andere Person
journey-customer-split-undone = Eine Trennung wurde zurückgenommen
journey-customer-told-apart = Mit jemand anderem verglichen
journey-customer-consent-given = Eingewilligt in { $what }
journey-customer-consent-withdrawn = Widerrufen: { $what }
journey-block-added = Gesperrt: { $what }
journey-block-removed = Freigegeben: { $what }
journey-field-name = Name
journey-field-language = Sprache
journey-field-note = Notiz
journey-field-languages = Sprachen
journey-field-time_zone = Zeitzone
journey-field-tags = Tags
journey-field-addresses = Anschriften
journey-field-attributes = Felder des Shops
journey-field-identities = Mailadressen und Nummern
journey-field-verified = was erwiesen ist
message-joined = In diesem Ticket
joined-visit = geht im selben Chat weiter
joined-token = antwortet auf eine unserer Mails
joined-references = antwortet auf eine Nachricht dieses Tickets
joined-conversation = das einzige offene Ticket dieser Person
joined-colleague = jemand aus dem Team schrieb per Mail
joined-new_message = hat es begonnen
joined-closed = hat es begonnen, weil das vorige geschlossen ist
joined-past_reopen_window = hat es begonnen, weil das vorige vor langem gelöst wurde
joined-blocked = der Absender ist gesperrt
joined-unblocked = hat es begonnen, weil der Absender nicht mehr gesperrt ist
facts-tickets = Tickets
facts-orders = Bestellungen
facts-since = Bekannt seit
orders-all = Alle { $n } Bestellungen
order-placed = Bestellt { $at }
order-delivered = Zugestellt
order-shipped = Verschickt
order-in_transit = Unterwegs
order-paid = Bezahlt
order-pending = Ausstehend
order-processing = In Arbeit
order-cancelled = Storniert
order-refunded = Erstattet
order-returned = Zurückgesandt
earlier = Früher
earlier-none = Keine anderen Tickets.
identities = Dieselbe Person
identity-verified = Bestätigt
identity-unverified = nicht bestätigt
identity-add = Weitere Adresse …
identity-add-title = Weitere Adresse von { $name }
identity-add-do = Hinzufügen
identity-kind = Art
identity-value = Adresse oder Nummer
identity-phone-hint = Mit Landesvorwahl, außer im Land des Shops.
identity-account-hint = Die Kennung im Shop; bei einer anderen Plattform mit deren Namen und Doppelpunkt davor.
identity-sure = Sie gehört sicher dieser Person
identity-sure-hint = Was darüber kommt, gehört dann von selbst zu ihren Gesprächen.
identity-more = Was mit { $value } geschehen soll
identity-prove = Gehört sicher dieser Person
identity-doubt = Nicht mehr sicher
identity-remove = Wegnehmen
identity-proven = Bestätigt { $by }, { $at }
identity-seen = Zuerst gesehen { $first }, zuletzt { $last }
identity-unseen = Noch hat niemand darüber geschrieben
proof-dmarc = durch die Mailserver (DMARC)
proof-dkim = durch die Mailserver (DKIM)
proof-spf = durch die Mailserver (SPF)
proof-channel = durch den Kanal selbst
proof-token = durch den Server des Shops
proof-order = durch eine Bestellung
proof-agent = durch jemanden im Team
source-email = durch E-Mail
source-shop = aus dem Shop
source-agent = durch das Team
source-import = importiert
source-order = aus einer Bestellung
about-person = Zur Person
customers-find = Name, Adresse oder Nummer suchen
customers-loading = Kunden werden geladen
customers-failed = Kunden konnten nicht geladen werden
customers-none = Noch keine Kunden
customers-none-text = Wer schreibt, erscheint hier.
customers-no-hit = Niemand gefunden für „{ $q }“
customers-no-hit-text = Versuche einen Teil des Namens oder der Adresse.
customers-pick = Niemand ausgewählt
customers-pick-text = Wähle jemanden aus der Liste.
customers-tickets = { $n ->
    [one] 1 Ticket
   *[other] { $n } Tickets
 }

## Suche
palette-label = Befehl, Ticket, Name oder Adresse eingeben
palette-hint = Suchen oder tun
palette-results = Ergebnisse
palette-enter = Was Enter tut
palette-ticket = Ticket #{ $number }
palette-go = Gehe zu
palette-do = Tun
palette-tickets = Tickets
palette-search = Suche
palette-all = Alle Ergebnisse für „{ $q }“
palette-settings = Einstellungen: { $page }
palette-nothing = Nichts gefunden für „{ $q }“
palette-searching = Suche läuft
palette-move = bewegen
palette-choose = wählen
palette-p-ticket = Ticket
palette-p-person = Person
palette-p-command = Befehl
about-go = Öffnet { $place }.
about-open = Öffnet das Ticket.
about-customer = Öffnet die Person.
about-create = Beginnt ein Ticket mit einer Nachricht oder einer Notiz.
about-help = Zeigt, was jede Taste hier tut.
about-out = Beendet die Sitzung von { $name } in diesem Browser.
about-all = Zeigt Tickets, Nachrichten und Kunden auf einer Seite.
about-reply = Setzt den Cursor in die Antwort auf #{ $number }.
about-note = Beginnt in #{ $number } eine Notiz, die nur das Team sieht.
about-solve = Löst „{ $subject }“ und öffnet das nächste Ticket. Lässt sich rückgängig machen.
about-assignMe = Macht #{ $number } zu deinem, oder gibt es zurück.
about-assign = Wählt, wer #{ $number } beantwortet.
about-snooze = Legt #{ $number } bis zu einer gewählten Zeit weg.
about-tag = Heftet an #{ $number } Schlagwörter an oder löst sie.
about-priority = Ändert die Dringlichkeit von #{ $number }.
about-merge = Verschiebt die Nachrichten von #{ $number } in ein anderes Ticket. Lässt sich rückgängig machen.
about-unread = Markiert #{ $number } als ungelesen und öffnet das nächste Ticket.
search-label = Tickets, Nachrichten und Kunden suchen
search-kind = Was durchsucht wird
search-everything = Alles
search-ticket = Tickets
search-message = Nachrichten
search-customer = Kunden
search-failed = Die Suche hat nicht geantwortet
search-start = Alles durchsuchen
search-hint = Wortteile und kleine Tippfehler sind kein Problem.

## Tasten
help-title = Tastenkürzel
help-off = Einzelne Tasten sind abgeschaltet.
help-change = Tasten ändern
help-go = Überall
help-list = Liste
help-ticket = Ticket
help-panes = Spalten
key-ctrl = Strg
key-palette = Suchen oder tun
key-help = Alle Tasten
key-create = Neues Ticket
key-goInbox = Zum Posteingang
key-goCustomers = Zu den Kunden
key-goSettings = Zu den Einstellungen
key-goUnassigned = Zu denen ohne Zuständige
key-next = Nächstes
key-previous = Voriges
key-open = Öffnen
key-back = Zurück zur Liste
key-select = Auswählen
key-extendDown = Auswahl nach unten erweitern
key-extendUp = Auswahl nach oben erweitern
key-filter = Filter
key-reply = Antworten
key-note = Private Notiz
key-send = Senden
key-sendSolve = Senden und lösen
key-way = Weg wählen
key-solve = Lösen oder wieder öffnen
key-snooze = Zurückstellen
key-assign = Zuweisen
key-assignMe = Mir zuweisen
key-tag = Schlagwörter
key-priority = Dringlichkeit
key-merge = Zusammenführen
key-unread = Als ungelesen markieren
key-undo = Letztes rückgängig machen
key-more = Weitere Aktionen
key-views = Ansichten
key-customer = Person

## Anmelden
gate-sign-in = Bei Shopbell anmelden
gate-setup = Shopbell einrichten
gate-forgot = Passwort vergessen
gate-new-password = Neues Passwort wählen
gate-invitation = Dem Team beitreten
gate-do-sign-in = Anmelden
gate-do-setup = Beginnen
gate-do-forgot = Link senden
gate-do-new-password = Passwort setzen
gate-do-invitation = Beitreten
gate-setup-about = Du bist als Erste oder Erster hier und wirst damit Inhaber.
gate-invited = { $shop } lädt { $email } ein.
gate-forgot-about = Wir schicken einen Link, der einmal gilt.
gate-forgot-done = Wenn diese Adresse zum Team gehört, ist ein Link unterwegs.
gate-new-done = Dein neues Passwort gilt ab jetzt.
gate-to-sign-in = Anmelden
gate-to-forgot = Passwort vergessen?
gate-shop = Name des Shops
gate-name = Dein Name
gate-email = E-Mail-Adresse
gate-password = Passwort
gate-password-new = Neues Passwort
gate-password-hint = Mindestens 10 Zeichen. Ein Satz ist gut.
gate-wrong = Adresse und Passwort passen nicht zusammen.
gate-invitation-dead = Diese Einladung ist verbraucht oder zu alt. Bitte um eine neue.

## Einstellungen
settings-group-you = Du
settings-group-shop = Shop
settings-group-people = Menschen
settings-group-system = System
settings-profile = Profil
settings-keyboard = Tastatur
settings-sessions = Sitzungen
settings-shop = Shop
settings-agents = Team
settings-teams = Teams
settings-inboxes = Postfächer
settings-tokens = API-Schlüssel
settings-quarantine = Quarantäne
settings-jobs = Gescheiterte Aufgaben
save-changes = { $n ->
    [one] 1 Änderung nicht gespeichert
   *[other] { $n } Änderungen nicht gespeichert
 }
save-discard = Verwerfen
save-leave = Ohne zu speichern weggehen?
profile-you = Du
profile-signature = Signatur
profile-signature-hint = Steht unter deinen Antworten, statt der des Postfachs oder des Shops.
profile-look = Wie es aussieht
profile-theme = Farben
profile-density = Dichte
profile-keys = Einzelne Tasten
profile-keys-hint = J, R, E und die anderen. Mit ⌘ oder Strg gehen Tasten immer.
keyboard-on = Einzelne Tasten tun, was unten steht
keyboard-how = Geh in ein Feld und drücke die Taste, die du möchtest. { $leader } beginnt eine Folge von zweien. Die Rücktaste holt die übliche Taste zurück.
keyboard-fixed = { $key }, immer
keyboard-then = { $key }, dann …
keyboard-rival = { $key } ist auch „{ $other }“. Eins von beiden braucht eine andere Taste.
keyboard-refused-browser = { $key } behält der Browser für sich.
keyboard-refused-moving = { $key } bewegt den Fokus oder drückt eine Schaltfläche.
keyboard-clash = Zwei Kürzel wollen dieselbe Taste.
keyboard-reset = Zurück zu { $key }
keyboard-reset-all = Wieder die üblichen Tasten
profile-password = Passwort
profile-password-now = Jetziges Passwort
profile-password-change = Passwort ändern
theme-system = Wie das System
theme-light = Hell
theme-dark = Dunkel
density-cosy = Luftig
density-compact = Dicht
sessions-about = Wo du angemeldet bist. Beende, was du nicht kennst.
sessions-none = Keine Sitzungen
sessions-revoke = Alle anderen beenden
sessions-revoked = Alle anderen Sitzungen beendet
session-device = Gerät
session-since = Seit
session-seen = Zuletzt
session-this = Diese hier
session-unknown = Unbekanntes Gerät
session-revoke = Beenden
session-revoked = Sitzung beendet
role-owner = Inhaber
role-admin = Verwaltung
role-admin-hint = alles außer dem Inhaber
role-lead = Leitung
role-lead-hint = Tickets, Kunden, Menschen
role-agent = Team
role-agent-hint = Tickets und Kunden
role-viewer = Lesend
role-viewer-hint = liest nur
agent-name = Name
agent-role = Rolle
agent-role-of = Rolle von { $name }
agent-off = Gesperrt
agent-chats = Chats zugleich
agent-chats-of = Chats, die { $name } zugleich bekommt
agent-chats-inbox = wie Postfach
agent-chats-hint = So viele neue Chats werden von selbst zugeteilt; 0 für keine, leer für das, was jedes Postfach sagt. Von Hand kann man immer mehr nehmen.
profile-chats = Du bekommst { $n } Chats zugleich. Die Leitung ändert das unter Agenten.
profile-chats-inbox = Du bekommst so viele Chats zugleich, wie jedes Postfach sagt. Die Leitung ändert das unter Agenten.
agent-disable = Sperren
agent-disable-title = { $name } sperren?
agent-disable-about = Die Person wird überall abgemeldet und kann sich nicht mehr anmelden. Ihre Nachrichten und Tickets bleiben, und sie lässt sich wieder freigeben.
agent-disable-do = { $name } sperren
agent-enable = Freigeben
invite = Einladen
invite-send = Einladung senden
invite-sent = Die Einladung an { $email } ist unterwegs. Dieser Link gilt auch, einmal:
invitations = Offene Einladungen
invitation-until = Gilt bis { $at }
invitation-withdraw = Zurückziehen
invitation-withdrawn = Einladung an { $email } zurückgezogen
teams-none = Noch keine Teams
teams-none-text = Ein Team fasst Menschen zusammen und hat eine eigene Warteschlange.
team-new = Neues Team
team-edit = Team bearbeiten
team-name = Name
team-people = Menschen
team-members = { $n ->
    [one] 1 Person
   *[other] { $n } Personen
 }
team-save = Team speichern
team-delete = { $name } löschen
team-delete-about = Die Tickets bleiben und gehören zu keinem Team.
team-deleted = Team { $name } gelöscht
tokens-about = Andere Programme melden sich mit einem Schlüssel an. Jeder hat einen Namen und nur die Rechte, die er braucht.
tokens-none = Keine Schlüssel
tokens-none-text = Lege für jedes Programm, das mit Shopbell spricht, einen an.
token-new = Neuer Schlüssel
token-name = Name
token-name-hint = Was ihn benutzt
token-scopes = Rechte
token-used = Zuletzt benutzt
token-never = Nie
token-create = Schlüssel anlegen
token-once = Kopiere ihn jetzt. Er wird nicht noch einmal gezeigt.
token-revoke = Entziehen
token-revoked = Schlüssel { $name } entzogen
scope-read = Lesen
scope-read-hint = Alles, was man hier sieht
scope-write = Schreiben
scope-write-hint = Antworten, ändern, anlegen
scope-orders = Bestellungen
scope-orders-hint = Erstatten, stornieren, Retouren annehmen
scope-carriers = Zusteller
scope-carriers-hint = Nachrichten von Paketen, sonst nichts
scope-admin = Verwalten
scope-admin-hint = Einstellungen, Menschen, Schlüssel
shop-what = Der Shop
shop-name = Name
shop-address = Webadresse
shop-address-hint = Wo man dich findet
shop-language = Sprache des Shops
shop-currency = Währung
shop-country = Land
shop-country-hint = Zwei Buchstaben, etwa NO: Telefonnummern ohne Landesvorwahl sind von dort.
shop-answering = Antworten
shop-undo = Sekunden zum Zurücknehmen
shop-undo-hint = So lange wartet eine Antwort, bevor sie hinausgeht.
shop-reopen = Tage zum Wiederöffnen
shop-reopen-hint = Eine Antwort in dieser Zeit öffnet ein gelöstes Ticket wieder.
shop-join = Chats gehen im einzigen offenen Ticket weiter
shop-join-hint = Bei Personen, die sicher bekannt sind, egal auf welchem Kanal es begann. Aus: Jeder Chat ist ein eigenes Ticket.
shop-signature = Signatur des Shops
shop-signature-hint = Steht unter Antworten, wenn weder Postfach noch Person eine haben.
shop-voice = Wie der Shop spricht
voice-greeting = Anrede auf { $language }
voice-greeting-sample = Hallo {"{{customer.first_name}}"},
voice-address = Du oder Sie auf { $language }
voice-more = Noch eine Sprache
voice-add = Sprache wählen
voice-hint = Ein neuer Brief beginnt mit der Anrede in der Sprache der Kundin oder des Kunden, ein Chat mit keiner. Variablen wie in Textbausteinen.
shop-tone-hint = Neben der Antwort für alle, die schreiben. Reiner Text; - beginnt eine Liste, ** steht um Wichtiges.
inbox-add = Hinzufügen
inbox-new = Neues Postfach
inboxes-none = Noch kein Postfach
inboxes-none-text = Füge die Adresse hinzu, an die man dir schreibt.
inboxes-pick = Kein Postfach ausgewählt
inboxes-pick-text = Wähle eins, um zu sehen, wie es verbunden ist.
inbox-account = Konto
inbox-channel = Kanal
inbox-name = Name
inbox-address = Adresse
inbox-team = Team
inbox-team-hint = Neue Tickets kommen in seine Warteschlange.
inbox-signature = Signatur
inbox-signature-hint = Steht unter jeder Antwort von hier.
inbox-active = Empfängt und sendet
inbox-more = Weiteres
inbox-snippet = Auf den Seiten des Shops
inbox-snippet-about = Setze diese Zeile auf jede Seite, die den Chat haben soll. Das Handbuch sagt, was eine streng abgesicherte Seite noch braucht.
inbox-delete = Postfach löschen
inbox-delete-title = { $name } löschen?
inbox-delete-about = Tickets und Nachrichten bleiben. Es wird nichts mehr geholt oder gesendet.
inbox-deleted = Postfach { $name } gelöscht
probe = Verbindung prüfen
probe-busy = Wird geprüft…
probe-ok = Die Verbindung steht in beiden Richtungen.
health-starting = Noch nicht abgerufen
health-ok = Verbunden
health-failing = Gestört
health-silent = Still
health-push_only = Empfängt über HTTP
health-off = Abgeschaltet
health-failing-since = Nicht erreichbar seit { $at }.
health-silent-since = Nichts geholt seit { $at }.
health-fetched = Zuletzt geholt { $at }
secret-stored = Gespeichert. Leer lassen, um es zu behalten.
choice-usual = { $value } (wie üblich)
choice-none = Keine Angabe
choice-tls = TLS
choice-starttls = STARTTLS
choice-plain = Unverschlüsselt
choice-google = Google
choice-microsoft = Microsoft
choice-other = Andere
choice-on = An
choice-off = Aus
setting-section-imap = Empfang (IMAP)
setting-section-smtp = Versand (SMTP)
setting-section-oauth = Anmeldung mit OAuth
email-imap-host = Server
email-imap-port = Port
email-imap-security = Verschlüsselung
email-imap-username = Benutzer
email-imap-password = Passwort
email-imap-folders = Ordner
email-imap-idle = Neue Post sofort (IDLE)
email-imap-poll-seconds = Sekunden zwischen den Blicken
email-imap-backfill-days = Tage beim ersten Abholen
email-imap-after-fetch = Nach dem Abholen
email-imap-max-mb = Größte E-Mail, MB
email-imap-allow-plain = Unverschlüsselte Verbindung erlauben
email-imap-ca = Eigene Zertifizierungsstelle
email-smtp-host = Server
email-smtp-port = Port
email-smtp-security = Verschlüsselung
email-smtp-username = Benutzer
email-smtp-password = Passwort
email-smtp-per-minute = Höchstens E-Mails je Minute
email-smtp-allow-plain = Unverschlüsselte Verbindung erlauben
email-smtp-ca = Eigene Zertifizierungsstelle
email-oauth-provider = Anbieter
email-oauth-client-id = Client-ID
email-oauth-client-secret = Client-Geheimnis
email-oauth-refresh-token = Refresh-Token
email-oauth-token-url = Token-Adresse
email-oauth-scope = Umfang
email-plus-addressing = Antworten kommen an name+token@
email-authserv-id = Name des prüfenden Servers
email-trust-auth-results = Seinen Ergebnissen für SPF, DKIM und DMARC trauen
quarantine-about = Post, die nicht gelesen werden konnte. Nichts ist verloren, und nichts wartet dahinter.
quarantine-none = Die Quarantäne ist leer
quarantine-none-text = Jede Nachricht konnte gelesen werden.
quarantine-came = Angekommen
quarantine-why = Warum
quarantine-size = Größe
quarantine-tries = { $n ->
    [one] 1 Versuch
   *[other] { $n } Versuche
 }
quarantine-raw = Herunterladen
quarantine-retried = Wird noch einmal gelesen
quarantine-deleted = Gelöscht
quarantine-sure = Diese Nachricht endgültig löschen?
jobs-about = Arbeit, die endgültig gescheitert ist. Behebe die Ursache und lass sie noch einmal laufen.
jobs-none = Keine gescheiterten Aufgaben
jobs-none-text = Alles Geplante ist gelaufen.
job-what = Aufgabe
job-why = Letzter Fehler
job-when = Geplant
job-retried = Läuft noch einmal
job-deleted = Gelöscht
job-sure = Diese Aufgabe endgültig fallen lassen?

## Textbausteine
settings-answers = Textbausteine
answer-new = Neuer Textbaustein
answer-edit = Textbaustein ändern
answer-find = Nach Kürzel, Name oder Text suchen
answer-name = Name
answer-shortcut = Kürzel
answer-shortcut-hint = Ein Wort; beim Schreiben hinter / tippen.
answer-language = Sprache
answer-any-language = Jede Sprache
answer-whose = Wer ihn sieht
answer-all = Alle
answer-mine = Nur ich
answer-used = Benutzt
answer-text = Text
answer-text-hint = Schreibe die Antwort
answer-variables = Einsetzen, was das Ticket weiß
answer-variables-hint = Wird beim Benutzen ausgefüllt. Was dann niemand weiß, ist im Text markiert, und du wirst vor dem Senden gefragt.
variable-customer-first_name = Vorname
variable-agent-name = Dein Name
variable-ticket-number = Ticketnummer
variable-shop-name = Name des Shops
answer-preview = So kann es aussehen
answer-sample-name = Johanna
answer-delete = { $name } löschen?
answer-delete-about = Was damit geschrieben wurde, bleibt, wie es ist.
answer-deleted = { $name } ist gelöscht
answers-none = Noch keine Textbausteine
answers-none-text = Bewahre auf, was du oft schreibst, und setze es mit / und dem Kürzel in eine Antwort ein.
answers-not-found = Nichts gefunden
answers-not-found-text = Wörter werden an ihrem Anfang erkannt.
holes-title = Etwas ist noch nicht ausgefüllt
holes-about = Beim Lesen stünde es so da:
holes-send = So senden
holes-back = Ausfüllen
palette-p-answer = Textbaustein

## What the server says
# Keys are the server's own sentences: lower case, numbers as n (see said.ts).
server-there-is-nothing-here-or-you-may-not-see-it = Hier ist nichts, oder du darfst es nicht sehen.
server-the-disk-is-full-nothing-was-written-reading-still-works = Die Festplatte ist voll. Nichts wurde geschrieben; lesen geht weiterhin.
server-the-database-does-not-answer-nothing-was-written-try-again-short = Die Datenbank antwortet nicht. Nichts wurde geschrieben; versuch es gleich noch einmal.
server-something-went-wrong-on-our-side-nothing-was-changed = Bei uns ist etwas schiefgegangen. Nichts wurde geändert.
server-a-closed-ticket-is-frozen-go-on-in-a-new-one = Ein geschlossenes Ticket bleibt, wie es ist. Mach in einem neuen weiter.
server-a-solved-ticket-cannot-be-snoozed-open-it-first = Ein gelöstes Ticket lässt sich nicht zurückstellen. Öffne es zuerst.
server-it-has-left-already-and-cannot-be-taken-back = Sie ist schon hinausgegangen und lässt sich nicht zurückholen.
server-its-ticket-was-merged-at-the-same-moment = Das Ticket wurde im selben Augenblick zusammengeführt.
server-only-an-answer-that-was-refused-or-bounced-can-be-sent-again = Nur eine Antwort, die abgelehnt wurde oder zurückkam, lässt sich noch einmal senden.
server-shopbell-is-set-up-already-sign-in-or-ask-an-owner-for-an-invita = Shopbell ist schon eingerichtet. Melde dich an, oder bitte um eine Einladung.
server-this-customer-was-merged-into-another-one-work-with-that-one = Diese Person wurde mit einer anderen zusammengeführt. Arbeite mit jener weiter.
server-both-notes-together-are-too-long-shorten-one-of-them-first = Beide Vermerke zusammen sind zu lang. Kürze zuerst einen davon.
server-they-were-merged-or-split-again-since-undo-that-first = Sie wurden seither noch einmal zusammengeführt oder getrennt. Nimm das zuerst zurück.
server-must-be-another-customer = muss eine andere Person sein
server-must-be-some-of-the-customer-s-identities-not-none-and-not-all = braucht einige der Adressen, nicht keine und nicht alle
server-somebody-changed-this-customer-just-now-try-again = Diese Person wurde gerade geändert. Versuch es noch einmal.
server-somebody-changed-this-ticket-meanwhile-look-at-it-again-then-dec = Dieses Ticket wurde inzwischen geändert. Sieh es dir noch einmal an, dann entscheide.
server-there-is-nothing-to-undo-or-it-was-undone-already = Es gibt nichts zurückzunehmen, oder es ist schon zurückgenommen.
server-this-is-the-last-owner-make-somebody-else-an-owner-first = Das ist die letzte Person mit dieser Rolle. Gib sie zuerst jemand anderem.
server-this-link-has-been-used-already-ask-for-a-new-one = Dieser Link ist schon benutzt. Bitte um einen neuen.
server-this-link-has-expired-ask-for-a-new-one = Dieser Link ist abgelaufen. Bitte um einen neuen.
server-this-ticket-is-closed-write-in-a-new-one = Dieses Ticket ist geschlossen. Schreib in einem neuen.
server-this-installation-has-no-way-to-send-mail-yet = Diese Installation kann noch keine Mails senden.
server-is-required = fehlt
server-is-needed = fehlt
server-is-needed-with-a-password = fehlt; ein Passwort allein genügt nicht
server-is-needed-unless-oauth-is-set-up = fehlt; ohne geht es nur mit OAuth
server-is-needed-unless-oauth-provider-is-google-or-microsoft = fehlt; ohne geht es nur mit Google oder Microsoft
server-is-not-known = ist nicht bekannt
server-is-no-team = ist kein Team
server-is-no-inbox = ist kein Posteingang
server-is-no-ticket = ist kein Ticket
server-is-no-customer = ist keine bekannte Person
server-must-be-the-number-of-a-customer = muss die Nummer einer Person sein
server-must-be-a-domain-such-as-shop-example = muss eine Domain sein, etwa shop.example
server-is-where-anybody-can-have-an-address-block-the-address-instead = dort kann jeder eine Adresse haben: Sperre stattdessen die Adresse
server-it-is-blocked-already = Das ist schon gesperrt.
server-each-must-be-a-language-tag-such-as-de-or-pt-br = jede muss ein Sprachkürzel sein, etwa de oder pt-BR
server-must-be-a-time-zone-such-as-europe-oslo = muss eine Zeitzone sein, etwa Europe/Oslo
server-is-needed-where-there-is-no-city = wird gebraucht, wo kein Ort steht
server-at-most-n-on-one-customer = höchstens { $a } bei einer Person
server-is-no-attribute-of-this-shop-s-customers = ist kein Kundenfeld dieses Shops
server-must-be-a-text = muss ein Text sein
server-must-be-a-number = muss eine Zahl sein
server-must-be-true-or-false = muss ja oder nein sein
server-must-be-a-day-such-as-n-n-n = muss ein Tag sein, etwa 2026-03-02
server-must-be-small-letters-digits-and-underscores-such-as-shoe-size = darf nur aus Kleinbuchstaben, Ziffern und Unterstrichen bestehen, etwa shoe_size
server-are-needed-for-this-kind = werden bei dieser Art gebraucht
server-at-most-n-in-one-shop = höchstens { $a } in einem Shop
server-another-attribute-has-this-key-already = Ein anderes Feld hat diesen Schlüssel schon.
server-must-not-be-in-the-future = darf nicht in der Zukunft liegen
server-they-have-agreed-to-this-already-and-not-taken-it-back = Darin haben sie schon eingewilligt und es nicht widerrufen.
server-customer-n-has-this-identity-merge-the-two-or-take-it-away-from = Kunde { $a } hat diese Adresse. Führe beide zusammen, oder nimm sie dort zuerst weg.
server-must-be-a-phone-number-such-as-n-n-n-n-n = muss eine Telefonnummer sein, etwa +47 22 12 34 56
server-needs-the-code-of-its-country-in-front-such-as-n-or-a-country-in = braucht die Landesvorwahl, etwa +47, oder ein Land in den Einstellungen des Shops
server-begins-with-the-code-of-no-country = beginnt mit der Vorwahl keines Landes
server-is-too-long-for-a-phone-number = ist zu lang für eine Telefonnummer
server-is-too-short-for-a-phone-number = ist zu kurz für eine Telefonnummer
server-is-no-phone-number-of-its-country-a-digit-is-missing-or-there-is = ist keine Telefonnummer dieses Landes: Eine Ziffer fehlt oder ist zu viel
server-must-be-one-word = muss ein Wort sein
server-must-be-a-country-of-two-capital-letters-such-as-no = muss ein Land aus zwei Großbuchstaben sein, etwa NO
server-they-have-this-identity-already = Diese Adresse hat die Person schon.
server-messages-came-through-it-split-it-off-instead-they-go-along-and = Darüber kamen Nachrichten. Trenne sie stattdessen ab: Dann gehen sie mit, und es lässt sich zurücknehmen.
server-is-no-channel = ist kein Kanal
server-is-no-address = ist keine Adresse
server-is-no-active-agent = ist niemand, der hier gerade arbeitet
server-is-switched-off = ist abgeschaltet
server-is-not-your-password = ist nicht dein Passwort
server-is-one-of-the-most-common-passwords-choose-another = gehört zu den häufigsten Passwörtern; nimm ein anderes
server-is-hardly-more-than-the-address-choose-another = ist kaum mehr als die Adresse; nimm ein anderes
server-is-another-team-s-name = heißt schon ein anderes Team
server-is-closed-choose-a-ticket-that-is-not = ist geschlossen; wähle ein anderes
server-belongs-to-an-agent-already = gehört schon jemandem im Team
server-another-inbox-has-this-address-already = hat schon ein anderer Posteingang
server-this-customer-has-no-address-that-this-inbox-can-reach = diese Person hat keine Adresse, die dieser Posteingang erreicht
server-there-is-no-inbox-to-write-from-add-one-in-the-settings = es gibt noch keinen Posteingang zum Schreiben; leg einen in den Einstellungen an
server-at-most-n-on-one-ticket = höchstens { $a } an einem Ticket
server-at-most-n-addresses = höchstens { $a } Adressen
server-each-must-have-n-to-n-visible-characters = jedes braucht { $a } bis { $b } sichtbare Zeichen
server-must-have-n-to-n-visible-characters = braucht { $a } bis { $b } sichtbare Zeichen
server-must-have-n-to-n-characters = braucht { $a } bis { $b } Zeichen
server-must-have-at-most-n-characters = darf höchstens { $a } Zeichen haben
server-must-have-at-least-n-characters = braucht mindestens { $a } Zeichen
server-must-have-at-least-one-visible-character = braucht mindestens ein sichtbares Zeichen
server-must-say-something = darf nicht leer sein
server-must-be-one-line = muss in einer Zeile stehen
server-must-be-one-line-without-control-characters = muss in einer Zeile stehen, ohne Steuerzeichen
server-must-be-another-ticket = muss ein anderes Ticket sein
server-must-be-in-the-future = muss in der Zukunft liegen
server-must-be-within-two-years = muss innerhalb von zwei Jahren liegen
server-must-be-some-of-the-ticket-s-messages-not-none-and-not-all = müssen einige Nachrichten des Tickets sein, nicht keine und nicht alle
server-must-be-between-n-and-n = muss zwischen { $a } und { $b } liegen
server-must-be-a-number-from-n-to-n = muss eine Zahl von { $a } bis { $b } sein
server-must-be-a-mail-address-such-as-help-fjellvik-example = muss eine Mailadresse sein, etwa help@fjellvik.example
server-must-be-an-e-mail-address = muss eine Mailadresse sein
server-must-be-a-host-name = muss ein Servername sein
server-must-be-a-certificate-in-pem-form = muss ein Zertifikat in PEM-Form sein
server-must-be-a-language-tag-such-as-de-or-pt-br = muss ein Sprachkürzel sein, etwa de oder pt-BR
server-must-be-a-code-of-three-capital-letters-such-as-eur = muss aus drei Großbuchstaben bestehen, etwa EUR
server-must-be-leave-seen-delete-or-move-and-a-folder = muss `leave`, `seen`, `delete` oder `move:` mit einem Ordner sein
server-must-name-a-folder-that-mail-is-not-fetched-from = muss einen Ordner nennen, aus dem keine Mail geholt wird
server-must-start-with-https = muss mit https:// beginnen
server-must-start-with-https-or-http = muss mit https:// oder http:// beginnen
server-would-send-the-password-in-the-clear-use-tls-or-starttls-or-set = würde das Passwort offen senden; nimm TLS oder STARTTLS, oder erlaube es ausdrücklich
server-only-an-owner-may-change-an-owner-or-make-somebody-one = Nur Inhaber ändern Inhaber oder ernennen welche.
server-only-an-owner-may-invite-an-owner = Nur Inhaber laden Inhaber ein.
server-shared-answers-are-changed-by-leads-admins-and-owners = Gemeinsame Textbausteine ändern Leitung, Admins und Inhaber.
server-another-answer-in-this-language-has-this-shortcut-already = Ein anderer Textbaustein in dieser Sprache hat dieses Kürzel schon
server-must-have-n-to-n-letters-digits-dashes-or-underscores = braucht { $a } bis { $b } Buchstaben, Ziffern, Binde- oder Unterstriche
server-must-have-at-most-n-characters-this-way = darf auf diesem Weg höchstens { $a } Zeichen haben
server-at-most-n-in-one-message-this-way = höchstens { $a } in einer Nachricht auf diesem Weg
server-may-not-answer-any-more-the-shopper-has-to-write-there-first-cho = darf nicht mehr antworten: Dort muss zuerst geschrieben werden. Wähle einen anderen Weg
server-shared-views-are-changed-by-leads-admins-and-owners = Gemeinsame Ansichten ändern Leitung, Admins und Inhaber.
server-this-conversation-has-grown-too-long-begin-a-new-one = Dieses Gespräch ist zu lang geworden. Beginne ein neues.
server-this-conversation-is-somebody-else-s-begin-a-new-one = Dieses Gespräch gehört jemand anderem. Beginne ein neues.
server-this-shop-s-chat-does-not-stand-on-this-site = Der Chat dieses Shops steht nicht auf dieser Seite.
chat-origins = Seiten, auf denen er steht, mit https://, durch Kommas getrennt
chat-colour = Farbe
chat-side = Ecke (end: rechts, wo Text nach rechts läuft)
chat-names = Wie Mitarbeitende genannt werden
chat-greeting-en = Auf Englisch
chat-greeting-de = Auf Deutsch
chat-greeting-fr = Auf Französisch
chat-greeting-es = Auf Spanisch
chat-greeting-sv = Auf Schwedisch
chat-greeting-ar = Auf Arabisch
setting-section-greeting = Begrüßung
event-visit-ended = Der Besuch hat den Chat beendet
event-visit-deleted = Der Besuch hat den Chat gelöscht und ist darin nicht mehr erreichbar
chat-files-mb = Größte Datei eines Besuchers in MB (0: keine)
chat-hours-zone = Zeitzone der Öffnungszeiten, z. B. Europe/Berlin
chat-hours-mon = Montags geöffnet, z. B. 9:00-17:30
chat-hours-tue = Dienstags geöffnet
chat-hours-wed = Mittwochs geöffnet
chat-hours-thu = Donnerstags geöffnet
chat-hours-fri = Freitags geöffnet
chat-hours-sat = Samstags geöffnet
chat-hours-sun = Sonntags geöffnet
chat-questions-name = Vor dem Chat nach dem Namen fragen
chat-questions-email = Vor dem Chat nach der Mailadresse fragen
chat-questions-topics = Themen zur Wahl vor dem Chat, durch Kommas getrennt
chat-questions-question = Eine weitere Frage vor dem Chat
server-nobody-has-answered-yet-so-there-is-no-conversation-to-send = Es hat noch niemand geantwortet, deshalb gibt es noch kein Gespräch zu senden.
page-visitors = Besuchende auf der Seite
rail-visitors = Besuch
visitors-failed = Die Besuchenden konnten nicht geladen werden
visitors-loading = Besuchende werden geladen
visitors-none = Gerade ist niemand auf der Seite
visitors-none-text = Wer zustimmt, wird hier gezeigt, solange er auf den Seiten des Shops ist.
visitors-here = seit { $span } hier
visitors-page = seit { $span }
visitors-cart = Warenkorb: { $amount }
visitors-speak = Chat beginnen
visitors-ticket = Ticket öffnen
visitors-say = Erste Worte an { $name }
server-this-visitor-was-spoken-to-already-and-has-not-answered-yet = Dieser Besuch wurde schon angesprochen und hat noch nicht geantwortet.
chat-typing-preview = Das Team sieht, was auf der Seite getippt wird, bevor es gesendet ist. Die Datenschutzerklärung muss das sagen.
server-this-visitor-has-just-written-to-you-answer-in-their-ticket = Diese Person hat gerade geschrieben. Antworte in ihrem Ticket.
chat-capacity = Chats, die jemandem zugleich gegeben werden; neue gehen an die Person, die am längsten frei ist (0: an niemanden)
chat-identity-keys = Schlüssel des Shop-Servers (JSON Web Key Set)
setting-section-identity = Angemeldete Kundschaft
form-origins = Seiten, die es in einem Rahmen zeigen dürfen, mit https://, durch Kommas getrennt
form-topics = Themen zur Auswahl, statt eines Betreffs, durch Kommas getrennt
form-order = Nach der Bestellnummer fragen
form-files-mb = Größte Datei in MB (0: keine)
server-this-form-cannot-be-sent-from-this-site = Dieses Formular kann von dieser Seite aus nicht gesendet werden.
choice-no = Nein
choice-optional = Ja, freiwillig
choice-required = Ja, nötig
setting-section-hours = Öffnungszeiten
inbox-form-page = Die Seite steht unter
inbox-form-about = Diese Zeile setzt das Formular dorthin, wo sie auf einer Seite des Shops steht, wenn deren Adresse oben genannt ist. Das Handbuch hat einen Rahmen für Seiten ohne Skripte. Antworten gehen über das E-Mail-Postfach des Shops.
heard-title = Hinzufügen, was gesagt wurde
heard-about = Was { $name } im Laden oder am Telefon gesagt hat. Es steht als deren Nachricht im Ticket, mit deinem Namen daneben.
heard-text = Was gesagt wurde
heard-where = Wo
heard-phone = Am Telefon
heard-when = Wann
heard-when-hint = Leer: jetzt
heard-add = Hinzufügen
act-heard = Hinzufügen, was gesagt wurde
said-heard = Zu #{ $number } hinzugefügt
new-heard = Im Laden oder am Telefon
new-who-heard = Name, E-Mail-Adresse, Telefonnummer; leer, wenn es niemand weiß
message-entered = aufgeschrieben von { $name }
message-entered-by = Aufgeschrieben von
joined-entered = jemand aus dem Team hat es aufgeschrieben
spam-signs = Sieht nach Spam aus
sign-trap = hat ausgefüllt, was niemand sieht
sign-fast = schneller gesendet, als jemand tippt
sign-links = viele Links
sign-markup = Auszeichnungen von Foren oder Seiten
sign-hidden = unsichtbare Zeichen
sign-link_in_name = ein Link im Namen oder Betreff
settings-greetings = Begrüßungen
greetings-about = Was der Shop Besuchern seiner Seiten zuerst sagt. Passen mehrere, wird die erste gezeigt, neben dem Knopf; erst wer antwortet, beginnt ein Gespräch. Niemand sieht mehr als eine am Tag, und wer eine schließt, hat 30 Tage Ruhe.
greetings-none = Noch wird niemand begrüßt
greetings-none-text = Sprich Besucher an, die etwas lange ansehen oder wiederkommen.
greetings-no-inbox = Noch gibt es keinen Chat
greetings-no-inbox-text = Lege zuerst einen Eingang für den Kanal Chat an.
greeting-inbox = Chat
greeting-new = Neue Begrüßung
greeting-edit = Begrüßung ändern
greeting-name = Name
greeting-name-hint = Für das Team; Besucher sehen ihn nicht
greeting-says = Was sie sagt
greeting-language = Sprache
greeting-text = Text
greeting-more-text = Sprache hinzufügen
greeting-less-text = Diese Sprache entfernen
greeting-face = Wessen Gesicht sie zeigt
greeting-face-shop = Der Shop
greeting-face-hint = Genannt, wie der Eingang Menschen nennt
greeting-when = Wann sie gezeigt wird
greeting-all-pages = Auf allen Seiten
greeting-how = Wie die Adresse verglichen wird
greeting-how-begins = Adresse beginnt mit
greeting-how-contains = Adresse enthält
greeting-how-pattern = Adresse ist wie (* für alles)
greeting-page = Teil der Adresse
greeting-more-page = Seite hinzufügen
greeting-less-page = Diese Seite entfernen
greeting-seconds = Sekunden auf der Seite
greeting-hours = Zeit
greeting-hours-always = Immer
greeting-hours-open = Während der Öffnungszeiten
greeting-hours-staffed = Solange jemand am Platz ist
greeting-amount = Warenkorb ab
greeting-amount-hint = Wenn die Seite des Shops ihn nennt
greeting-visits = Ab welchem Besuch
greeting-visits-hint = 0 für alle; gezählt nur mit Einwilligung
greeting-languages = Nur in diesen Sprachen
greeting-languages-hint = Etwa de, nb; leer für alle
greeting-known = Nur für bekannte Kundschaft
greeting-known-hint = Der Server des Shops hat gesagt, wer sie ist
greeting-days = Nicht wieder innerhalb so vieler Tage
greeting-days-hint = Für dieselbe Person
greeting-active = Eingeschaltet
greeting-off = Aus
greeting-turn-on = Einschalten
greeting-turn-off = Ausschalten
greeting-up = Früher versuchen
greeting-down = Später versuchen
greeting-up-name = { $name } früher versuchen
greeting-down-name = { $name } später versuchen
greeting-shown = Gezeigt
greeting-answered = Beantwortet
greeting-delete = { $name } löschen?
greeting-delete-about = Niemand wird mehr damit begrüßt. Gespräche, die damit begonnen haben, bleiben.
greeting-deleted = { $name } ist gelöscht
greeting-everywhere = auf allen Seiten
greeting-on-begins = auf Seiten, die mit { $value } beginnen
greeting-on-contains = auf Seiten mit { $value } in der Adresse
greeting-on-pattern = auf Seiten wie { $value }
greeting-or = {" oder "}
greeting-after = { $n ->
    [one] nach einer Sekunde
   *[other] nach { $n } Sekunden
}
greeting-cart-from = mit einem Warenkorb ab { $amount }
greeting-to-known = für bekannte Kundschaft
greeting-from-visit = ab dem { $n }. Besuch
greeting-while-open = während der Öffnungszeiten
greeting-while-staffed = solange jemand am Platz ist
greeting-in = auf { $languages }
automatic-greeting = Begrüßung
server-visitors-come-in-through-no-page-here-so-nobody-can-be-greeted = Hierher kommen keine Besucher von Seiten, also kann niemand begrüßt werden.
server-is-needed-in-n-to-n-languages = braucht einen Text in { $a } bis { $b } Sprachen
server-each-must-have-n-to-n-characters-and-no-blanks = je { $a } bis { $b } Zeichen ohne Leerzeichen
server-must-be-more-than-nothing = muss mehr als nichts sein
server-at-most-n-greetings-for-one-inbox = höchstens { $a } Begrüßungen für einen Eingang
journey-kind-pages = Seiten
journey-pages = { $n ->
    [one] Hat eine Seite angesehen
   *[other] Hat { $n } Seiten angesehen
}
journey-pages-more = { $n ->
    [one] und eine weitere
   *[other] und { $n } weitere
}
journey-seconds = { $n } s
shop-page-days = Tage, für die angesehene Seiten behalten werden
shop-page-days-hint = Nur von Besuchern, die einwilligen
customers-filter = Nach Schlagwort oder Feld eingrenzen
customers-tag = Schlagwort
customers-field = Feld
customers-value = Wert
customers-any-field = Alle
customers-any-value = Alle
customers-clear = Alle zeigen
customers-none-such = Niemand passt
server-must-be-a-key-a-colon-and-a-value-such-as-shoe-size-n = braucht einen Schlüssel, einen Doppelpunkt und einen Wert, etwa shoe_size:{ $a }
server-only-takes-in-answer-through-another-one = nimmt nur an; antworte über ein anderes
server-this-inbox-is-switched-off-switch-it-on-or-send-it-to-another = Dieser Eingang ist abgeschaltet. Schalte ihn ein, oder sende es an einen anderen.
transfer-title = Übergeben
transfer-about = Das Ticket geht zusammen mit deiner Notiz an sie. Nach außen geht nichts davon.
transfer-to = An
transfer-team = Team { $name }
transfer-note = Was sie wissen müssen
transfer-do = Übergeben
act-transfer = Mit Notiz übergeben
said-transfer = #{ $number } ist übergeben
server-name-a-colleague-or-a-team = nenne eine Kollegin, einen Kollegen oder ein Team
server-must-say-what-they-need-to-know = muss sagen, was sie wissen müssen
medusa-address = Adresse des Medusa-Servers, mit https://
medusa-key = Geheimer API-Schlüssel, beginnt mit sk_
medusa-webhook-secret = Webhook-Geheimnis, wie in SHOPBELL_SECRET des Shops
vendure-address = Adresse des Vendure-Servers, mit https://
vendure-key = API-Schlüssel
vendure-webhook-secret = Webhook-Geheimnis, wie in SHOPBELL_SECRET des Shops
vendure-channel = Token des Kanals, wenn es nicht der voreingestellte ist
shopify-shop = Adresse des Shops, z. B. fjellvik.myshopify.com
shopify-client-id = Client-ID der App
shopify-client-secret = Client-Geheimnis der App
shopify-access-token = Zugriffstoken (nur bei Apps, die eines anzeigen)
woocommerce-address = Adresse des Shops, z. B. https://fjellvik.example
woocommerce-key = Consumer Key
woocommerce-secret = Consumer Secret
order-awaiting_payment = Wartet auf Zahlung
order-on_hold = Angehalten
order-partly_shipped = Teils versandt
order-in-ticket = In diesem Ticket
order-newest = Neueste Bestellung
orders-other = Weitere Bestellungen
orders-none = Es sind keine Bestellungen bekannt.
order-choose = Um welche Bestellung es geht
order-pick = Andere Bestellung wählen
order-pick-about = Eine Bestellung dieser Person oder jede andere über ihre Nummer.
order-number = Bestellnummer
order-searching = Wird gesucht
order-not-found = Keine Bestellung hat diese Nummer.
order-is-this = In diesem Ticket geht es darum
order-off = Vom Ticket lösen
order-title = Bestellung { $order }
order-note = Notiz zur Bestellung:
order-stale = { $why } Was du siehst, ist { $age } alt; im Shop geht gerade nichts.
order-deleted = Bei { $store } gibt es diese Bestellung nicht mehr.
order-age = vor { $age } gelesen
order-admin = Im Shop öffnen
risk-medium = Der Shop sieht ein gewisses Betrugsrisiko.
risk-high = Der Shop sieht ein hohes Betrugsrisiko.
line-pieces = { $n } × { $price }
line-refunded = { $n } erstattet
line-final = vom Umtausch ausgeschlossen
lines-all = Alle { $n } Positionen
parcel-delivered = zugestellt { $at }
parcel-expected = erwartet { $at }
parcel-shipped = versandt { $at }
parcel-packed = wird gepackt
parcel-track = Verfolgen
parcel-step = Schritt { $n } von { $all }, { $state }
payment-pending = Nicht bezahlt
payment-authorized = Zahlung zugesagt
payment-partially_paid = Teils bezahlt
payment-paid = Bezahlt
payment-partially_refunded = Teils erstattet
payment-refunded = Erstattet
payment-voided = Zahlung freigegeben
sum-lines = Waren
sum-discount = Rabatt
sum-discount-code = Rabatt { $code }
sum-shipping = Versand
sum-shipping-by = Versand, { $method }
sum-tax = Steuern
sum-total = Summe
sum-paid = Bezahlt
sum-refunded = Erstattet
pay-by = mit { $method }
pay-promised = zugesagt über { $method }
refund-at = Erstattung { $at }
address-shipping = Lieferadresse
address-billing = Rechnungsadresse
address-line1 = Straße und Nummer
address-line2 = Zusatz
address-country-hint = Zwei Buchstaben, etwa NO
address-phone = Telefon
facts-value = Kundenwert
facts-refunded = Erstattet
facts-since-order = Kunde seit { $at }
peek-order = { $order } · { $status } · { $total }
peek-value = { $n } Bestellungen, { $value }
percent = { $n } %
act-refund = Erstatten
act-cancel = Stornieren
act-change_address = Adresse ändern
act-tag = Tags ändern
act-resend_confirmation = Bestätigung erneut senden
act-replacement = Ersatz
act-discount = Rabatt
act-store_credit = Guthaben
act-hold = Anhalten
act-release = Freigeben
act-return = Retoure
act-exchange = Umtausch
acts-more = Mehr mit dieser Bestellung
acts-why = { $what }: { $why }.
acts-none = Bei { $store } geht von hier aus nichts: { $why }.
hindrance-unable = das Shopsystem kann das nicht
hindrance-disconnected = der Shop ist nicht verbunden
hindrance-stale = der Shop antwortet gerade nicht
hindrance-deleted = der Shop hat die Bestellung nicht mehr
hindrance-cancelled = die Bestellung ist storniert
hindrance-not_cancelled = die Bestellung ist nicht storniert
hindrance-not_paid = es wurde nichts bezahlt
hindrance-refunded = alles Bezahlte ist erstattet
hindrance-shipped = Pakete sind unterwegs
hindrance-not_shipped = es wurde noch nichts versandt
hindrance-in_progress = das Lager hat sie in Arbeit
hindrance-on_hold = sie ist schon angehalten
hindrance-not_on_hold = sie ist nicht angehalten
hindrance-no_buyer = hinter der Bestellung steht kein Konto
hindrance-no_address = die Bestellung hat keine Adresse
hindrance-no_lines = die Bestellung hat keine Positionen
deed-refund = Erstattung
deed-refund-of = Erstattung von { $amount }
deed-cancel = Stornierung
deed-cancel-of = Stornierung mit { $amount } zurück
deed-change_address = Neue Adresse
deed-note = Notiz zur Bestellung
deed-tag = Tags der Bestellung
deed-resend_confirmation = Bestätigung erneut gesendet
deed-replacement = Ersatzbestellung
deed-discount = Rabattcode
deed-discount-of = Rabattcode über { $off }
deed-store_credit = Guthaben
deed-store_credit-of = Guthaben von { $amount }
deed-hold = Anhalten
deed-release = Freigabe
deed-return = Retoure
deed-exchange = Umtausch
deed-state-awaiting_approval = wartet auf Freigabe
deed-state-queued = gleich unterwegs
deed-state-running = wird erledigt
deed-state-done = erledigt
deed-state-refused = nicht erledigt
deed-state-declined = abgelehnt
deed-state-withdrawn = zurückgenommen
deed-state-unsure = unklar, ob es geschah
deed-leaves = geht in { $n } s hinaus
deed-above = Es liegt über dem Limit: { $why }.
deed-noted = { $name }: „{ $note }“
deed-by-agent = Jemand aus dem Team
deed-by-customer = Die Kundschaft
deed-by-rule = Eine Regel
deed-by-system = Der Assistent
deeds-all = Alle { $n } Aktionen
above-once = mehr als { $limit } auf einmal
above-day = mehr als { $limit } am Tag, davon { $used } verbraucht
above-each = jede davon braucht eine Freigabe
above-currency = in { $currency } ist nichts erlaubt
take-back = Zurücknehmen
decide-approve = Freigeben
decide-decline = Ablehnen
decide-note = Notiz an die Person, wenn du magst
decide-with-note = Mit Notiz
decide-own = Du hast es angefragt, also entscheidet jemand anderes.
was-done = Es ist geschehen
was-not-done = Es ist nicht geschehen
said-taken-back = Zurückgenommen. Nichts ist hinausgegangen.
said-approved = Freigegeben. Es geht jetzt hinaus.
said-declined = Abgelehnt
said-was-done = Vermerkt: es ist geschehen
said-was-not-done = Vermerkt: es ist nicht geschehen
said-asked = Die Leitung ist gefragt: { $what }
said-goes-back = { $amount } geht zurück über { $method }
said-begun = Unterwegs: { $what }
event-order-picked = { $by ->
    [agent] { $who } hat gesagt, hier geht es um Bestellung { $order }
   *[other] Hier geht es um Bestellung { $order }
 }
event-order-number = Hier geht es um Bestellung { $order }, genannt in einer Nachricht
event-order-link = Hier geht es um Bestellung { $order }, von deren Seite es kam
event-order-off = { $by ->
    [agent] { $who } hat die Bestellung von diesem Ticket gelöst
   *[other] Die Bestellung wurde von diesem Ticket gelöst
 }
event-action-started = { $by ->
    [agent] { $who } hat veranlasst: { $what }
   *[other] Veranlasst: { $what }
 }
event-action-asked = { $by ->
    [agent] { $who } bittet um Freigabe: { $what }
   *[other] Wartet auf Freigabe: { $what }
 }
event-action-approved = { $by ->
    [agent] { $who } hat es freigegeben{ $note }
   *[other] Freigegeben{ $note }
 }
event-action-declined = { $by ->
    [agent] { $who } hat es abgelehnt{ $note }
   *[other] Abgelehnt{ $note }
 }
event-action-withdrawn = { $by ->
    [agent] { $who } hat es zurückgenommen
   *[other] Zurückgenommen
 }
event-action-done = Im Shop erledigt: { $what }
event-action-refused = Nicht erledigt: { $what }. { $why }
event-action-unsure = Unklar, ob es geschah: { $what }
act-title-refund = Erstattung aus { $order }
act-title-cancel = { $order } stornieren
act-title-change_address = { $order } an eine andere Adresse senden
act-title-note = Notiz zu { $order }
act-title-tag = Tags von { $order }
act-title-resend_confirmation = Bestätigung von { $order } erneut senden
act-title-replacement = Waren aus { $order } erneut senden
act-title-discount = Rabattcode für { $order }
act-title-store_credit = Guthaben für { $order }
act-title-hold = { $order } anhalten
act-title-release = { $order } freigeben
act-title-return = Retoure aus { $order }
act-title-exchange = Umtausch aus { $order }
act-effects = Was geschehen wird
act-asking = { $store } wird gefragt, was geschehen wird
act-above = Das liegt über deinem Limit: { $why }. Es geht an die Leitung, die es freigibt oder ablehnt.
act-within = Innerhalb deines Limits. Lässt sich { $n } Sekunden lang zurücknehmen.
act-missing-refund = Wähle, was zurückgeht.
act-missing-cancel = Wähle, wie storniert wird.
act-missing-change_address = Straße, Ort und ein Land aus zwei Buchstaben sind nötig.
act-missing-note = Schreib die Notiz.
act-missing-tag = Nenne einen neuen Tag oder wähle einen zum Entfernen.
act-missing-resend_confirmation = Es fehlt nichts.
act-missing-replacement = Wähle, was erneut gesendet wird.
act-missing-discount = Sag wie viel, 1 bis 100 Prozent oder einen Betrag.
act-missing-store_credit = Sag wie viel.
act-missing-hold = Es fehlt nichts.
act-missing-release = Es fehlt nichts.
act-missing-return = Wähle, was zurückkommt.
act-missing-exchange = Wähle, was zurückkommt, und nenne, was hinausgeht.
do-refund = Erstatten
do-refund-amount = { $amount } erstatten
do-cancel = Bestellung stornieren
do-cancel-amount = Stornieren und { $amount } erstatten
do-change_address = Adresse ändern
do-change_address-amount = Adresse ändern, { $amount }
do-note = Notiz hinzufügen
do-note-amount = Notiz hinzufügen, { $amount }
do-tag = Tags ändern
do-tag-amount = Tags ändern, { $amount }
do-resend_confirmation = Erneut senden
do-resend_confirmation-amount = Erneut senden, { $amount }
do-replacement = Kostenlos erneut senden
do-replacement-amount = Waren für { $amount } senden
do-discount = Code erstellen
do-discount-amount = Code über { $amount } erstellen
do-store_credit = Guthaben geben
do-store_credit-amount = { $amount } Guthaben geben
do-hold = Bestellung anhalten
do-hold-amount = Bestellung anhalten, { $amount }
do-release = Bestellung freigeben
do-release-amount = Bestellung freigeben, { $amount }
do-return = Retoure eröffnen
do-return-amount = Retoure eröffnen, { $amount }
do-exchange = Umtausch beginnen
do-exchange-amount = Umtausch mit { $amount }
do-ask = Leitung fragen: { $what }
look-again = Neu ansehen
refund-what = Was erstattet wird
refund-way-lines = Artikel
refund-way-amount = Betrag
refund-way-all = Alles Übrige
refund-shipping = Vom Versand
refund-shipping-hint = Er kostete { $amount }
refund-most = Höchstens { $amount } können noch zurück
refund-all-about = Alles, was bezahlt und noch nicht erstattet ist: { $amount }.
refund-to = Wohin es geht
refund-to-original = Zurück auf dem Zahlungsweg
refund-to-store_credit = Guthaben für die nächste Bestellung
paid-store-credit = Guthaben
field-amount = Betrag
amount-odd = Schreib einen Betrag in { $currency } mit höchstens { $n } Nachkommastellen.
amount-most = Höchstens { $most } können hinausgehen.
field-restock = Waren kommen zurück ins Regal
field-refund = Das Bezahlte geht zurück
field-notify = Der Shop schreibt der Kundschaft davon
field-reason = Grund
field-reason-hint = Für die Unterlagen des Shops
field-note = Notiz
field-note-hint = Eine Zeile kommt dazu; was dasteht, bleibt
field-tags-add = Neue Tags
field-tags-hint = Mit Kommas dazwischen
field-tags-remove = Entfernen
discount-what = Was der Code wert ist
discount-percent = Prozent
discount-amount = Betrag
discount-percent-field = Prozent auf die nächste Bestellung
discount-days = Gültig in Tagen
discount-days-hint = Leer: so lange der Shop es zulässt
lines-replacement = Was erneut gesendet wird
lines-return = Was zurückkommt
lines-exchange = Was zurückkommt
exchange-about = Was dafür hinausgeht, mit seinen Nummern bei { $store }.
exchange-product = Produktnummer
exchange-variant = Variantennummer
exchange-quantity = Stück
pieces-left = { $n } von { $all } übrig
pieces-less = Ein Stück weniger
pieces-more = Ein Stück mehr
pieces-of = Stück von { $title }, höchstens { $n }
fx-back = { $amount } geht zurück über { $method }
fx-back-somehow = { $amount } geht zurück an die Kundschaft
fx-credit = { $amount } kommt auf das Kundenkonto
fx-charge = Der Kundschaft wird { $amount } berechnet
fx-restock = Waren kommen zurück ins Regal
fx-no-restock = Der Bestand bleibt, wie er ist
fx-notify = Der Shop schreibt der Kundschaft
fx-quiet = Der Shop schreibt der Kundschaft nichts
fx-cancel = Die Bestellung wird storniert, nichts wird versandt
fx-discount = { $n ->
    [0] Ein Code über { $off }, einmal, für diese Person
    [one] Ein Code über { $off }, einmal, für diese Person, 1 Tag lang
   *[other] Ein Code über { $off }, einmal, für diese Person, { $n } Tage lang
 }
fx-replacement = { $n ->
    [one] 1 Stück wird kostenlos erneut gesendet
   *[other] { $n } Stück werden kostenlos erneut gesendet
 }
fx-return = { $n ->
    [one] 1 Stück wird zurückerwartet; Geld fließt noch keines
   *[other] { $n } Stück werden zurückerwartet; Geld fließt noch keines
 }
fx-exchange = { $n ->
    [one] 1 Stück kommt zurück, anderes geht hinaus
   *[other] { $n } Stück kommen zurück, anderes geht hinaus
 }
fx-change_address = Pakete, die noch nicht weg sind, gehen an diese Adresse
fx-note = Die Notiz steht im Shop an der Bestellung
fx-tag = Die Tags stehen im Shop an der Bestellung
fx-resend_confirmation = Der Shop sendet seine Bestätigung erneut an die Adresse der Bestellung
fx-hold = Niemand packt sie, bis sie freigegeben wird
fx-release = Das Lager darf sie packen
key-refund = Erstatten
key-sendBack = Retoure
key-discount = Rabattcode
key-sendAgain = Waren erneut senden
about-refund = Zeigt, was aus der Bestellung in #{ $number } zurückgehen kann, und fragt, bevor etwas hinausgeht.
about-sendBack = Eröffnet eine Retoure zur Bestellung in #{ $number }. Geld fließt keines.
about-discount = Erstellt einen Rabattcode für die Kundschaft von #{ $number }, sobald du bestätigst.
about-sendAgain = Sendet Waren aus der Bestellung in #{ $number } kostenlos erneut, sobald du bestätigst.
server-this-does-not-wait-for-approval-any-more-look-again = Das wartet nicht mehr auf Freigabe. Sieh neu nach.
server-nobody-approves-what-they-asked-for-themselves-ask-another-lead = Niemand gibt frei, was er selbst angefragt hat. Frag jemand anderen aus der Leitung.
server-the-end-of-this-is-known-look-again = Wie das ausging, ist bekannt. Sieh neu nach.
server-this-order-is-being-cancelled-already = Diese Bestellung wird schon storniert.
server-another-refund-of-this-order-is-under-way-and-together-they-woul = Eine andere Erstattung dieser Bestellung ist unterwegs, und zusammen wären sie mehr, als bezahlt wurde. Warte auf sie und sieh dann neu nach.
server-somebody-has-just-done-something-to-this-order-look-again-before = Gerade hat jemand etwas mit dieser Bestellung getan. Sieh neu nach, bevor du weitermachst.
server-this-has-left-already-and-cannot-be-taken-back = Das ist schon hinausgegangen und lässt sich nicht zurücknehmen.
server-this-was-not-done-so-there-is-nothing-to-take-back = Das ist nicht geschehen, also gibt es nichts zurückzunehmen.
server-this-store-is-switched-off-switch-it-on-first = Dieser Shop ist ausgeschaltet. Schalte ihn zuerst ein.
server-this-store-cannot-be-read-it-tells-by-itself-what-it-has = Dieser Shop lässt sich nicht lesen: er meldet von selbst, was er hat.
server-this-store-is-being-read-already-wait-until-that-is-done = Dieser Shop wird schon gelesen. Warte, bis das fertig ist.
server-must-name-at-least-one-piece = muss mindestens ein Stück nennen
server-must-be-at-least-n = muss mindestens 1 sein
server-must-be-given-or-an-amount-and-not-both = muss angegeben sein, oder ein Betrag, und nicht beides
server-must-have-a-street-a-city-and-a-country-such-as-no = braucht Straße, Ort und ein Land wie NO
server-must-be-tags-of-n-to-n-characters-without-commas = müssen Tags mit 1 bis 40 Zeichen ohne Kommas sein
server-is-no-line-of-this-order = ist keine Position dieser Bestellung
server-stands-here-twice-add-the-pieces-up = steht zweimal da; zähl die Stücke zusammen
server-is-no-order-of-this-ticket-s-shop = ist keine Bestellung aus dem Shop dieses Tickets
server-is-a-ticket-of-another-shop = ist ein Ticket eines anderen Shops
server-is-no-platform = ist kein Shopsystem
server-must-be-a-currency-of-iso-n-such-as-eur = muss eine Währung nach ISO 4217 sein, etwa EUR
server-must-not-be-negative-n-says-that-all-of-it-needs-approval = darf nicht negativ sein; 0 heißt, dass alles eine Freigabe braucht
server-stands-here-twice-for-this-role-and-kind = steht für diese Rolle und Art zweimal da
server-it-was-not-done-as-somebody-found-who-looked = Es ist nicht geschehen; jemand hat nachgesehen.
server-the-order-is-not-there-any-more = Die Bestellung gibt es nicht mehr.
server-this-order-does-not-allow-it-its-store-has-no-such-action = Diese Bestellung lässt das nicht zu: das Shopsystem kann das nicht.
server-this-order-does-not-allow-it-its-store-is-not-connected = Diese Bestellung lässt das nicht zu: ihr Shop ist nicht verbunden.
server-this-order-does-not-allow-it-it-is-cancelled = Diese Bestellung lässt das nicht zu: sie ist storniert.
server-this-order-does-not-allow-it-nothing-was-paid = Diese Bestellung lässt das nicht zu: es wurde nichts bezahlt.
server-this-order-does-not-allow-it-all-that-was-paid-has-been-given-ba = Diese Bestellung lässt das nicht zu: alles Bezahlte ist erstattet.
server-this-order-does-not-allow-it-parcels-are-on-their-way = Diese Bestellung lässt das nicht zu: Pakete sind unterwegs.
server-this-order-does-not-allow-it-nothing-has-been-sent-yet = Diese Bestellung lässt das nicht zu: es wurde noch nichts versandt.
server-this-order-does-not-allow-it-the-warehouse-has-it-in-hand = Diese Bestellung lässt das nicht zu: das Lager hat sie in Arbeit.
server-this-order-does-not-allow-it-it-is-on-hold-already = Diese Bestellung lässt das nicht zu: sie ist schon angehalten.
server-this-order-does-not-allow-it-it-is-not-on-hold = Diese Bestellung lässt das nicht zu: sie ist nicht angehalten.
server-this-order-does-not-allow-it-it-has-no-account-behind-it = Diese Bestellung lässt das nicht zu: hinter ihr steht kein Konto.
server-this-order-does-not-allow-it-it-has-no-address = Diese Bestellung lässt das nicht zu: sie hat keine Adresse.
server-this-order-does-not-allow-it-it-has-no-lines = Diese Bestellung lässt das nicht zu: sie hat keine Positionen.
server-must-be-n-to-n-so-many-pieces-of-this-line-are-left = muss { $a } bis { $b } sein: so viele Stücke dieser Position sind übrig
server-must-be-at-most-n-a-refund-of-the-rest-is-under-way = darf höchstens { $a } sein: eine Erstattung des Rests ist unterwegs
server-must-be-n-to-n = muss { $a } bis { $b } sein
page-approvals = Wartet auf Freigabe
rail-approvals = Freigaben
rail-waiting = { $n } warten auf Freigabe
approvals-none = Nichts wartet auf die Leitung
approvals-none-text = Was über jemandes Limit liegt, kommt hierher und wird freigegeben oder abgelehnt.
approval-who = Angefragt von
approval-ticket = Ticket
approval-open = Ticket öffnen
approval-order = Bestellung
approval-goods = Waren
approval-sums = Summe { $total }, bezahlt { $paid }, erstattet { $refunded }
approval-unsure = Die Antwort von { $store } ging verloren. Sieh dort nach, ob es geschah, und sag es dann hier.
order-now = gerade gelesen
settings-stores = Shops
settings-limits = Limits
platform-generic = Anderes Shopsystem, über unseren Endpunkt
setting-store-secret = Geheimnis für signierte Aufrufe
store-add = Verbinden
store-new = Neuer Shop
stores-none = Kein Shop ist verbunden
stores-none-text = Verbinde deinen Shop, dann stehen seine Bestellungen neben jedem Ticket.
stores-pick = Wähle einen Shop
stores-pick-text = Hier stehen sein Zugang, sein Zustand und was von ihm gelesen wurde.
store-health-starting = Noch nicht gefragt
store-health-ok = Verbunden
store-health-failing = Gestört
store-health-off = Ausgeschaltet
store-what = Shop
store-platform = Shopsystem
store-name = Name
store-active = Verbunden: Neues kommt herein, Aktionen gehen hinaus
store-access = Zugang
store-about = { $name } ({ $address }) ist erreichbar.
store-about-asked = Bestellungen werden gelesen, wenn ein Ticket aufgeht; was sich geändert hat, wird alle paar Minuten gesucht.
store-about-pushes = Dieser Shop meldet von selbst, was er hat; er lässt sich nicht fragen.
store-about-no-actions = An seinen Bestellungen lässt sich von hier nichts tun.
store-calls = Wohin er Neues sendet
store-calls-about = Die Adresse wird dort beim Verbinden von selbst eingetragen. Sollte das nicht gelingen, trag sie dort ein.
store-calls-pushes = Sende Kundschaft, Produkte, Bestellungen und Pakete an diese Adresse, signiert mit dem Geheimnis oben.
store-forged = { $n ->
    [one] 1 Aufruf mit falscher Signatur wurde abgewiesen.
   *[other] { $n } Aufrufe mit falscher Signatur wurden abgewiesen.
 }
store-disconnect = Shop trennen
store-disconnect-title = { $name } trennen?
store-disconnect-about = Seine Bestellungen bleiben neben ihren Tickets. Von dort kommt nichts mehr, und dorthin geht nichts mehr.
store-disconnected = { $name } getrennt
store-read = Was gelesen wurde
store-up-to = Alles bis { $at } ist da.
import-reading-products = Produkte werden gelesen …
import-reading-customers = Kundschaft wird gelesen …
import-reading-orders = Bestellungen werden gelesen …
import-running = Wird gelesen …
import-done = Gelesen { $at }
import-failed = Abgebrochen { $at }
import-counted = { $orders } Bestellungen, { $customers } Kundinnen und Kunden, { $products } Produkte
imports-none = Es wurde noch nichts gelesen.
import-sweep = Änderungen lesen
import-first = Alles neu lesen
limits-about = Was eine Rolle selbst vergeben darf, auf einmal und an einem Tag des Shops. Darüber gibt die Leitung frei oder lehnt ab. Wo eine Rolle für etwas kein Limit hat, darf sie es frei; mit Limits brauchen andere Währungen immer eine Freigabe. 0 heißt, dass alles eine Freigabe braucht. Inhaber haben kein Limit.
limits-none = Es sind keine Limits gesetzt
limits-none-text = Alle, die an Bestellungen etwas tun dürfen, dürfen beliebig viel vergeben.
limit-add = Limit hinzufügen
limit-drop = Dieses Limit entfernen
limit-role = Wer
limit-kind = Was
limit-currency = Währung
limit-once = Auf einmal
limit-day = Am Tag
limit-free = kein Limit
limit-twice = Diese Rolle hat dafür in dieser Währung schon ein Limit.
limit-odd = Schreib Beträge mit den Stellen ihrer Währung, etwa 50 oder 12,50.
limit-role-agent = Team
limit-role-lead = Leitung
limit-role-admin = Verwaltung
limit-role-rule = Regeln und Makros
limit-role-bot = Der Assistent
limit-role-shopper = Kundschaft selbst
order-already = Um sie geht es in diesem Ticket schon.
page-returns = Rücksendungen
rail-returns = Retouren
returns-scan = Nummer scannen oder eingeben
returns-no-number = Keine Rücksendung heißt { $number }
returns-state = Stand
returns-all = Alle Rücksendungen
returns-failed = Die Rücksendungen konnten nicht geladen werden
returns-loading = Rücksendungen werden geladen
returns-none = Hier sind keine Rücksendungen
returns-none-text = Was im Rücksendeportal angemeldet wird, erscheint hier.
returns-pick = Keine Rücksendung gewählt
returns-pick-text = Wählen Sie eine, oder scannen Sie die Nummer auf einem Paket.
return-failed = Die Rücksendung konnte nicht geladen werden
return-requested = zu entscheiden
return-approved = angenommen
return-declined = abgelehnt
return-label_sent = Etikett gesendet
return-in_transit = unterwegs
return-received = eingegangen
return-inspected = geprüft
return-resolved = erledigt
return-expired = abgelaufen
return-cancelled = storniert
return-order = Bestellung
return-who = Person
return-gets = Erhält
return-outcome-refund = Erstattung
return-outcome-exchange = Umtausch
return-outcome-store_credit = Guthaben
return-money-none = noch nicht fällig
return-money-due = fällig
return-money-done = erledigt
return-money-stuck = braucht Aufmerksamkeit
return-way = Kommt zurück per
return-method-label = Etikett
return-method-qr = Code auf dem Telefon
return-method-drop_off = Abgabe bei uns
return-method-own = eigener Paketdienst
return-until = Abgabe bis
return-law = Nach dem Gesetz
return-withdrawal = Vertrag widerrufen am { $at }
return-declined-why = Abgelehnt, weil
return-reason-too_small = Zu klein
return-reason-too_large = Zu groß
return-reason-not_as_expected = Nicht wie erwartet
return-reason-damaged = Beschädigt angekommen
return-reason-wrong_item = Falscher Artikel
return-reason-changed_mind = Anders überlegt
return-reason-other = Anderer Grund
return-found = { $n } angekommen, { $condition }
return-restocked = wieder im Lager
return-because-rule = Regel „{ $rule }“: { $kind }
return-kind-verdict = ob zurückgenommen wird
return-kind-days = Frist
return-kind-keep = ob es behalten wird
return-kind-fee = Gebühr
return-kind-bonus = Bonus
return-kind-destination = wohin es geht
return-kind-methods = Rückwege
return-kind-release = wann das Geld zurückgeht
return-why-rule = nach einer Regel
return-why-final_sale = Vom Umtausch ausgeschlossen verkauft
return-why-digital = Es ist digital
return-why-not_offered = Das gibt es im Lieferland nicht
return-why-window_over = Die Frist ist abgelaufen
return-why-not_shipped = Es ist noch nicht versandt
return-why-delivery_unknown = Niemand hat gesagt, wann es zugestellt wurde
return-why-other_currency = Die Bestellung hat eine andere Währung als die Regeln
return-why-right = Das Widerrufsrecht steht über den Regeln
return-why-perhaps_right = Vielleicht besteht ein Widerrufsrecht: bitte ansehen
return-stuck = Was geschuldet wird, konnte nicht gegeben werden: { $why }
return-approve = Annehmen
return-refuse = Ablehnen
return-refuse-why = Warum? Es wird so mitgeteilt.
return-handed-in = Es wurde abgegeben
return-inspect = Geprüft, alles in Ordnung
return-pay-again = Noch einmal versuchen
return-resolve = Anders erledigt
return-cancel = Stornieren
return-ticket = Ticket öffnen
return-receipt = Was liegt im Paket?
return-came = Angekommen
return-of = { $n } von { $all }
return-condition = Zustand
return-condition-new = wie neu
return-condition-opened = geöffnet
return-condition-used = gebraucht
return-condition-damaged = beschädigt
return-condition-wrong = etwas anderes
return-condition-missing = fehlt
return-restock = Zurück ins Lager
return-note = Notiz
return-photos = Fotos
return-receive = Eingegangen
event-return-requested = Rücksendung { $number } angemeldet
event-return-withdrawal = Vertrag widerrufen, Rücksendung { $number }
event-return-approved = Rücksendung { $number } angenommen
event-return-declined = Rücksendung { $number } abgelehnt
event-return-label-sent = Etikett der Rücksendung { $number } gesendet
event-return-in-transit = Rücksendung { $number } ist unterwegs
event-return-received = Rücksendung { $number } ist angekommen
event-return-inspected = Rücksendung { $number } wurde geprüft
event-return-resolved = Rücksendung { $number } ist erledigt
event-return-expired = Rücksendung { $number } ist abgelaufen
event-return-cancelled = Rücksendung { $number } storniert
event-return-reminded = An die Abgabe von { $number } erinnert
event-return-due = { $amount } sind für Rücksendung { $number } fällig
palette-order = Bestellung: { $what }
about-order = Öffnet „{ $what }“ für die Bestellung neben diesem Ticket und fragt, bevor etwas hinausgeht.
shop-zone = Zeitzone
shop-zone-hint = Wo deine Tage beginnen und Nächte still sind, etwa Europe/Berlin
server-this-store-is-let-in-by-what-stands-in-its-settings-nothing-is-i = Diesen Laden öffnet, was in seinen Einstellungen steht. Zu installieren gibt es nichts.
server-this-link-is-too-old-or-the-store-was-changed-meanwhile-start-ag = Dieser Link ist zu alt, oder der Laden wurde inzwischen geändert. Fang in seinen Einstellungen neu an.
store-install = Zur Plattform gehen und uns einlassen

# Messages about orders
settings-updates = Nachrichten zur Bestellung
updates-who = Wer Kundinnen und Kunden zu ihren Bestellungen schreibt
updates-platform = Unser Shopsystem
updates-platform-hint = Shopbell schickt weder Bestätigung noch Versand-, Zustell- oder Erstattungsnachricht. Dank und Pflege gehen weiterhin hinaus.
updates-us = Shopbell
updates-us-hint = Schalte dieselben Nachrichten im Shopsystem ab, sonst kommt alles doppelt an.
updates-kinds = Nachrichten
updates-silent = Das schickt dein Shopsystem.
update-confirmed = Bestellung bestätigt
update-confirmed-when = Wenn eine Bestellung eingeht.
update-shipped = Verschickt
update-shipped-when = Wenn ein Paket übergeben oder sein Etikett erstellt wurde, einmal je Paket.
update-out_for_delivery = In Zustellung
update-out_for_delivery-when = Wenn der Paketdienst sagt, dass es heute ankommt.
update-delivered = Zugestellt
update-delivered-when = Wenn der Paketdienst oder der Shop sagt, dass es angekommen ist.
update-refunded = Erstattet
update-refunded-when = Wenn Geld zurückging, jedes Mal einmal.
update-thanks = Dank
update-thanks-when = Einige Tage nach der Ankunft, an alle, die Werbung zugestimmt haben. Nicht, solange etwas nicht stimmt.
update-care = Pflege
update-care-when = Einige Wochen nach der Ankunft, an alle, die Werbung zugestimmt haben. Nicht, solange etwas nicht stimmt.
update-delayed = Verspätet oder stecken geblieben
update-delayed-when = Wenn ein Paket sich nicht bewegt oder sein Tag vorbei ist. Dafür gibt es eigene Regeln.
update-days = Tage danach
update-words = Worte
update-ours = Worte von Shopbell
update-own = Eigene Worte: { $languages }
updates-peace = Ruhe
updates-quiet = Nachts geht nichts hinaus
updates-quiet-hint = Es wartet, bis die Stunden vorbei sind, nach der Uhr von { $zone }.
updates-from = Von
updates-until = Bis
updates-most = Nachrichten an eine Person am Tag, höchstens
updates-most-hint = Darüber hinaus geht nur hinaus, worauf man wartet: Bestätigung, Versand, Erstattung.
updates-consent = Wer gesperrt ist oder die Einwilligung „order_messages“ zurückgezogen hat, bekommt nichts.
update-language = Sprache
update-has-own = { $language } · eigene Worte
update-language-ours = Noch keine eigenen Worte: Die von Shopbell gehen hinaus.
update-language-english = In dieser Sprache gibt es noch keine Worte: Die von Shopbell gehen hinaus, auf Englisch.
update-order = Mit einer Bestellung ausprobieren
update-order-hint = Ihre Nummer. Ohne Nummer wird eine erfunden.
update-subject = Betreff
update-text = Text
update-begin = Eigene schreiben
update-drop = Eigene Worte verwerfen
update-keep = Übernehmen
update-missing = Von dieser Bestellung nicht bekannt: { $names }. Dann gehen die mitgelieferten Worte hinaus.
variable-customer-name = Ganzer Name
variable-order-number = Bestellnummer
variable-order-total = Bestellsumme
variable-order-placed_at = Bestellt am
variable-order-carrier = Paketdienst
variable-order-tracking_number = Sendungsnummer
variable-order-tracking_url = Link zum Paketdienst
variable-order-page_url = Link zur Seite der Bestellung
variable-order-eta = Erwartet am
variable-order-refunded = Erstattet
server-is-no-order-that-is-known-here = ist keine Bestellung, die hier bekannt ist

# What the shop takes back
settings-returns = Retouren
policy-version = Fassung { $n }, { $at }
policy-none = Noch kann nichts zurückgeschickt werden: Niemand hat gesagt, was der Shop zurücknimmt. Damit könntest du anfangen.
policy-publish = Diese Regeln veröffentlichen
policy-wrong = { $n ->
    [one] Ein Feld braucht noch einen Blick
   *[other] { $n } Felder brauchen noch einen Blick
  }
policy-looks = So sehen die Regeln aus
policy-windows = Bis wann
policy-windows-hint = Ganze Tage, in denen etwas angefragt werden kann. Eine Zeile, die das Land nennt, geht vor; was keine Zeile nennt, wird nicht angeboten.
policy-days = Tage
policy-days-since = Tage ab
policy-since = Gezählt ab
policy-since-delivery = Zustellung
policy-since-shipment = Versand
policy-since-order = Bestellung
policy-countries = Länder in zwei Buchstaben, etwa NO, SE
policy-everywhere = alle Länder
policy-window-add = Noch eine Zeile
policy-window-drop = Diese Zeile entfernen
policy-for = Wofür sie gilt
policy-for-all = nichts angekreuzt: alle drei
policy-right = Das Widerrufsrecht steht über allen Regeln
policy-right-text = Verbraucherinnen und Verbraucher in der Europäischen Union, Island, Liechtenstein und Norwegen können binnen { $n } Tagen ab Zustellung widerrufen. Ihre Erstattung kann keine Regel verweigern, verkürzen, mit einer Bearbeitungsgebühr belegen oder bis zur Prüfung der Ware zurückhalten. Der Rückweg darf etwas kosten.
policy-right-days = Tage zum Widerruf
policy-right-days-hint = Mindestens 14. Feiertage sind hier nicht bekannt: 16 ist auf der sicheren Seite.
policy-right-tags = Waren und Kunden, für die es nicht gilt
policy-right-tags-hint = Die Ausnahmen des Gesetzes, nach Schlagwörtern deines Shopsystems, durch Kommas getrennt.
policy-right-business_tags = Kunden, die für ein Unternehmen kaufen
policy-right-made_to_order = Nach Maß gefertigte Produkte
policy-right-perishable = Verderbliche Produkte
policy-right-sealed = Aus Hygienegründen versiegelt: ein Mensch entscheidet
policy-right-digital_begun = Digital und sofort begonnen
policy-rules = Regeln
policy-rules-hint = Alles unter „Wenn“ muss zutreffen, von einer Liste genügt ein Eintrag. Von jeder Art Folge entscheidet die erste passende Regel; die Reihenfolge zählt also nur zwischen Regeln, die dieselbe Art Folge haben.
policy-rules-none = Keine Regeln: Innerhalb der Tage oben wird alles zurückgenommen.
policy-rule-add = Regel hinzufügen
policy-rule-n = Regel { $n }
policy-rule-name = Wie die Regel heißt, nur hier
policy-rule-drop = { $name } entfernen
policy-up = { $name } nach oben
policy-down = { $name } nach unten
policy-if = Wenn
policy-always = immer
policy-ask-add = Bedingung hinzufügen …
policy-ask-drop = { $what } entfernen
policy-ask-outcomes = Gewünscht ist
policy-ask-reasons = Der Grund ist
policy-ask-countries = Verschickt nach
policy-ask-countries-hint = NO, SE
policy-ask-customer_tags = Schlagwörter des Kunden
policy-ask-order_tags = Schlagwörter der Bestellung
policy-ask-discount_codes = Rabattcodes
policy-ask-product_tags = Schlagwörter des Produkts
policy-ask-product_tags-hint = sale, outlet
policy-ask-skus = Artikelnummern
policy-ask-skus-hint = SOCKE-*, 1001-M
policy-ask-quantity = Stückzahl
policy-ask-price = Preis eines Stücks
policy-ask-order_value = Wert der Bestellung
policy-ask-order_age = Tage seit der Bestellung
policy-ask-customer_value = Bisheriger Einkaufswert
policy-ask-returns = Retouren in einem Jahr
policy-ask-discounted = Günstiger gekauft
policy-ask-final_sale = Vom Umtausch ausgeschlossen
policy-ask-digital = Digital
policy-least = ab
policy-most = bis
policy-yes = ja
policy-no = nein
policy-then = Dann
policy-deed-add = Folge hinzufügen …
policy-deed-verdict = Rücknahme
policy-deed-days = Tage
policy-deed-keep = Die Ware
policy-deed-fee = Gebühr
policy-deed-bonus = Bonus auf Guthaben
policy-deed-destination = Geht nach
policy-deed-methods = Rückwege
policy-deed-release = Geld geht zurück
policy-verdict-approve = ja, sofort
policy-verdict-review = ein Mensch entscheidet
policy-verdict-reject = nein
policy-keep-yes = dürfen sie behalten
policy-keep-no = kommt zurück
policy-fee-shipping = für den Rückweg
policy-fee-handling = für die Bearbeitung
policy-plus = plus
policy-release-drop_off = sobald der Paketdienst es hat
policy-release-receipt = sobald es hier ist
policy-release-inspection = sobald es geprüft ist
policy-words = Warum nicht, in Worten für den Shop …
policy-words-hint = Das lesen die Kunden.
policy-tongue-add = { $what }: noch eine Sprache
policy-tongue-more = Noch eine Sprache …
policy-tongue-drop = { $language } entfernen
policy-reasons = Gründe
policy-reasons-hint = Warum etwas zurückkommt, in der Reihenfolge, in der gefragt wird.
policy-photos = fragt nach Bildern
policy-reason-add = Grund hinzufügen …
policy-reason-own = Ein eigener
policy-reason-words = In Worten …
policy-back = Der Rückweg
policy-methods = Rückwege, wo keine Regel andere nennt; der erste wird vorgeschlagen
policy-release = Das Geld geht zurück
policy-within = Tage zum Abgeben
policy-within-hint = Danach verfällt eine zugesagte Retoure, nach einer Erinnerung. Ein Widerruf verfällt nie.
policy-place = Ort
policy-lines = Anschrift wie auf dem Etikett, Zeile für Zeile
policy-place-add = Noch ein Ort
policy-place-drop = Diesen Ort entfernen
policy-place-none = Ohne Anschrift steht auf dem Etikett nur der Name des Shops.
policy-currency = Währung aller Beträge
policy-currency-hint = Bei Bestellungen in einer anderen entscheidet ein Mensch.
policy-zone = Zeitzone
policy-zone-hint = In der Tage beginnen und enden, etwa Europe/Oslo.
policy-reads = Das lesen die Kunden
policy-unread = { $n ->
    [one] Noch nicht fertig: { $why }
   *[other] { $n } Dinge sind noch nicht fertig: { $why }
  }
policy-public = Die Seite, wie sie jetzt ist
policy-trial = An einer Bestellung ausprobieren
policy-trial-order = Bestellung
policy-trial-newest = die neueste
policy-trial-reason = Grund
policy-trial-none = Noch gibt es keine Bestellung zum Ausprobieren.
policy-trial-wait = Geht weiter, sobald alles ausgefüllt ist.
policy-trial-undelivered = nicht zugestellt, soweit bekannt
policy-trial-gone = Davon kann nichts mehr zurückkommen.
policy-trial-until = bis { $at }
policy-trial-keep = darf behalten werden
policy-trial-fee = Gebühr { $share }
policy-trial-bonus = Bonus { $share }
policy-says-approve = ja
policy-says-review = ein Mensch entscheidet
policy-says-reject = nein
policy-law-yes = Das Widerrufsrecht gilt
policy-law-no = Kein Widerrufsrecht
policy-law-unsure = Vielleicht gilt das Widerrufsrecht
policy-exception-elsewhere = nicht in die EU, nach Island, Liechtenstein oder Norwegen verschickt
policy-exception-business = für ein Unternehmen gekauft
policy-exception-made_to_order = nach Maß gefertigt
policy-exception-perishable = verderblich
policy-exception-sealed = aus Hygienegründen versiegelt: das Siegel ansehen
policy-exception-digital = digital
policy-exception-digital_begun = digital und sofort begonnen
policy-exception-over = die Tage sind vorbei
policy-exception-long_ago = niemand hat gesagt, wann zugestellt wurde

# Parcels that are stuck
page-parcels = Pakete mit Problemen
rail-parcels = Pakete
settings-parcels = Pakete mit Problemen
parcels-reason = Was nicht stimmt
parcels-all = Alles, was nicht stimmt
parcels-failed = Die Pakete konnten nicht geladen werden
parcels-loading = Pakete werden geladen
parcels-none = Kein Paket steckt fest
parcels-none-text = Sobald eines sich nicht bewegt, zu spät ist oder ein Problem hat, steht es hier, bevor jemand fragt.
parcels-pick = Kein Paket gewählt
parcels-pick-text = Wähle eines, um zu sehen, wo es ist und was die Kundin oder der Kunde weiß.
parcel-failed = Das Paket konnte nicht geladen werden
parcel-nobody = niemand bekannt
parcel-trouble-not_handed_over = nicht übergeben
parcel-trouble-no_news = nichts gehört
parcel-trouble-late = verspätet
parcel-trouble-exception = Problem
parcel-wrong-not_handed_over = Ein Etikett ist da, aber der Paketdienst hat das Paket nicht.
parcel-wrong-no_news = Es ist unterwegs, und man hört nichts davon.
parcel-wrong-late = Der zuerst genannte Tag ist vorbei.
parcel-wrong-exception = Der Paketdienst sagt, dass etwas nicht stimmt.
parcel-since = Seit { $at }.
parcel-right = Damit stimmt jetzt alles.
parcel-ticket = Ticket öffnen
parcel-write = An die Kundschaft schreiben
parcel-done = Erledigt
parcel-said-done = Von der Liste, bis wieder etwas nicht stimmt
parcel-follow = Bei { $carrier } verfolgen
parcel-about = Deine Bestellung { $order }
parcel-carrier = Paketdienst
parcel-carrier-unknown = unbekannt
parcel-left = Verschickt
parcel-promised = Versprochen für
parcel-now-expected = Jetzt erwartet
parcel-told = Was schon gesagt wurde
parcel-told-trouble = Dass es nicht läuft: { $reason }
parcel-told-queued = geht gleich hinaus
parcel-told-sending = geht gleich hinaus
parcel-told-refused = vom Mailserver abgelehnt
parcel-told-unsure = unklar, ob es hinausging
parcel-told-nothing = Noch nichts.
parcel-history = Was der Paketdienst sagt
parcel-history-none = Noch nichts gehört.
parcel-status-pending = noch nichts bekannt
parcel-status-info_received = beim Paketdienst angekündigt
parcel-status-in_transit = unterwegs
parcel-status-out_for_delivery = in Zustellung
parcel-status-attempted = Zustellung versucht
parcel-status-delivered = zugestellt
parcel-status-available_for_pickup = abholbereit
parcel-status-exception = es gibt ein Problem
parcel-status-expired = lange nichts gehört
parcel-sub-label_made = Etikett erstellt
parcel-sub-handed_over = dem Paketdienst übergeben
parcel-sub-arrived = in einem Depot angekommen
parcel-sub-departed = aus einem Depot abgegangen
parcel-sub-at_customs = beim Zoll
parcel-sub-through_customs = durch den Zoll
parcel-sub-nobody_home = niemand zu Hause
parcel-sub-no_access = kein Zugang
parcel-sub-to_recipient = persönlich übergeben
parcel-sub-to_neighbour = in der Nachbarschaft abgegeben
parcel-sub-left_safely = am sicheren Ort abgelegt
parcel-sub-in_mailbox = im Briefkasten
parcel-sub-collected = abgeholt
parcel-sub-at_shop = liegt in einem Laden
parcel-sub-in_locker = liegt in einer Packstation
parcel-sub-delayed = verzögert
parcel-sub-address_wrong = Anschrift stimmt nicht
parcel-sub-held_by_customs = vom Zoll festgehalten
parcel-sub-damaged = beschädigt
parcel-sub-lost = verloren
parcel-sub-refused = Annahme verweigert
parcel-sub-not_collected = nicht rechtzeitig abgeholt
parcel-sub-going_back = auf dem Rückweg
parcel-sub-back_at_sender = wieder bei uns
parcel-sub-cancelled = zurückgerufen
parcels-when = Wann ein Paket als stecken geblieben gilt
parcels-business-days = Werktage
parcels-pickup_days = Nicht übergeben
parcels-pickup_days-hint = Ein Etikett ist da, aber der Paketdienst hat das Paket nicht.
parcels-home_days = Nichts gehört im Inland
parcels-home_days-hint = Von einem Paket im Land des Shops war nichts zu hören.
parcels-abroad_days = Nichts gehört im Ausland
parcels-abroad_days-hint = Dasselbe für Pakete ins Ausland oder mit unbekanntem Ziel.
parcels-late = Nach dem genannten Tag
parcels-late-hint = Der zuerst genannte Tag ist vorbei.
parcels-exceptions = Der Paketdienst meldet ein Problem
parcels-exceptions-hint = Falsche Anschrift, Schaden, Zoll und dergleichen.
parcels-zone-hint = Nach wessen Uhr die Tage zählen. Werktage sind Montag bis Freitag.
parcels-trial = Was diese Regeln gefunden hätten
parcels-trial-days = Zurück
parcels-days = { $n } Tage
parcels-found = { $n ->
    [0] Nichts in den letzten { $days } Tagen, von { $parcels } Paketen
    [one] 1 Fund in den letzten { $days } Tagen, von { $parcels } Paketen
   *[other] { $n } Funde in den letzten { $days } Tagen, von { $parcels } Paketen
  }
parcels-found-at = Gefunden
parcels-ended-at = Ging weiter
parcels-not-ended = noch nicht
parcels-tell = Bescheid sagen
parcels-tell-shoppers = Der Kundschaft schreiben, wenn ihr Paket feststeckt
parcels-tell-hint = Einmal je Paket und Grund, in einem Ticket, das die Bestellung kennt. Nichts bekommt, wer gesperrt ist, die Einwilligung „order_messages“ zurückgezogen hat oder schon in einem Gespräch über die Bestellung ist. Schau dir vorher an, was gefunden würde.
parcels-parcel = Paket
