### The desk in English. One idea per message; buttons are verbs with their object.

## Pages
title-page = { $page } · Shopbell
skip = Skip to conversation
page-inbox = Inbox
page-customers = Customers
page-search = Search
page-settings = Settings
page-sign-in = Sign in
page-setup = Set up
page-reset = New password
page-invitation = Invitation

## Common
cancel = Cancel
close = Close
copy = Copy
copied = Copied
delete = Delete
done = Done
edit = Edit
save = Save changes
undo = Undo
actions = Actions
loading = Loading
more = More actions
try-again = Try again
remove = Remove { $name }
someone = A colleague
language = Language
language-unknown = Not known
back-to-list = Back to list
back-to-ticket = Back to conversation
find-nothing = Nothing found
find-person = Find a person
find-tag = Find or add a tag
find-team = Find a team
rows-failed = This list could not be loaded

## Times and sizes
time-today = Today { $clock }
time-tomorrow = Tomorrow { $clock }
time-minutes = { $n } min
time-hours = { $h } h { $m }
time-days = { $n } d
until = until { $at }
seconds = { $n } s
size-bytes = { $n } B
size-kb = { $n } KB
size-mb = { $n } MB

## Problems
problem-unknown = Something went wrong. Nothing was lost.
problem-offline = The server does not answer.
problem-conflict = Somebody changed this in the meantime. Look again, then decide.
problem-slow-down = Too many requests. Try again in { $n } s.
action-failed = { $action } did not work: { $why }

## Rail
rail-main = Main
rail-inbox = Inbox
rail-customers = Customers
rail-keys = Keyboard shortcuts
rail-settings = Settings
rail-me = Me
rail-account = Account of { $name }
rail-profile = Profile
rail-sign-out = Sign out
rail-unassigned = { $n } unassigned

## Line
line-lost = No connection since { $clock }.
line-next = Next try in { $n } s
line-trying = Trying now
line-now = Now
line-waiting = { $n ->
    [one] 1 change waits to be sent
   *[other] { $n } changes wait to be sent
 }
line-queue = Waits to be sent
line-queue-about = Sent in this order as soon as the connection is back.
line-queue-empty = Everything has been sent.
line-drop = Do not send
act-change = Change of #{ $number }
act-snooze = Snooze #{ $number }
act-wake = Wake #{ $number }
act-reply = Reply in #{ $number }
act-note = Add a note

## Views
views-label = Views and queues
views-inbox = Inbox
views-teams = Teams
views-saved = Saved views
views-none = Save a filter to find it here.
views-online = { $n } of { $all } teammates online
finder = Search or do
view-open = Open
view-mine = Assigned to me
view-unassigned = Unassigned
view-mentions = Mentions
view-snoozed = Snoozed
view-drafts = Drafts
view-waiting = Waiting
view-solved = Solved
view-spam = Spam
view-any-shelf = Any but spam
view-new = New view
view-edit = Edit view
view-delete = Delete view
view-deleted = View “{ $name }” deleted
view-more = Options of { $name }
view-name = Name
view-shelf = Shelf
view-sort = Order
view-shared = Everybody sees this view
view-shared-hint = Otherwise only you do.
view-save = Save view

## List
list-label = Tickets, { $view }
list-shelves = Status
list-sort = Order
sort-updated = Newest change first
sort-oldest = Oldest change first
list-loading = Loading tickets
list-more = Loading more
list-select = Select tickets
list-failed = The list could not be loaded
list-empty = Nothing in { $view }
list-empty-text = New tickets appear here by themselves.
list-empty-filter = No ticket fits this filter
list-empty-filter-text = Widen the filter to see more.
list-take = Take one from Unassigned
row-unread = Unread
row-messages = { $n } messages
row-snoozed = Snoozed until{" "}
row-waiting = Waiting { $span }
row-writing = { $name } is writing…
row-assigned = Assigned to { $name }
row-more-tags = +{ $n }
row-select = Select #{ $number }
no-subject = No subject
customer-unknown = Unknown person
customer-visitor = Visitor { $n }
hint-move = move
hint-reply = reply
hint-note = note
hint-solve = solve
hint-all = all keys

## Filter
filter = Filter
filter-on = Filter, { $n } set
filter-any = Any
filter-unread = Only unread
filter-apply = Show tickets
filter-clear = Clear filter
filter-save = Save as view
field-status = Status
field-priority = Priority
field-assignee = Assignee
field-team = Team
field-tag = Tag
field-inbox = Inbox

## Words of a ticket
status-new = New
status-new-hint = Nobody has answered yet
status-open = Open
status-open-hint = We owe the next step
status-pending = Waiting
status-pending-hint = The shopper owes the next step
status-on_hold = On hold
status-on_hold-hint = A third party owes the next step
status-solved = Solved
status-solved-hint = Done; a reply opens it again
status-closed = Closed
status-snoozed = Snoozed
status-spam = Spam
priority-urgent = Urgent
priority-high = High
priority-normal = Normal
priority-low = Low
assignee-me = Me
assignee-me-name = { $name } (me)
assignee-nobody = Nobody
team-none = No team
channel-email = Email
channel-chat = Chat
channel-whatsapp = WhatsApp
channel-messenger = Messenger
channel-instagram = Instagram
channel-x = X
channel-telegram = Telegram
channel-sms = SMS
channel-voice = Phone
channel-phone = Phone
channel-form = Contact form
channel-review = Review
channel-in_person = In person
channel-page = Tracking page
channel-api = API
channel-handle = Handle
channel-shop_account = Shop account
channel-visitor = Browser

## Bulk
bulk-label = Selected tickets
bulk-all = Select all shown
bulk-n = { $n } selected
bulk-clear = Clear selection
bulk-priority = Priority: { $priority }
bulk-team = Team: { $team }
bulk-said-status = { $n ->
    [one] 1 ticket: { $status }
   *[other] { $n } tickets: { $status }
 }
bulk-said-assign = { $n ->
    [one] 1 ticket assigned to { $name }
   *[other] { $n } tickets assigned to { $name }
 }
bulk-said-tag = { $n ->
    [one] 1 ticket tagged { $tag }
   *[other] { $n } tickets tagged { $tag }
 }
bulk-said-priority = { $n ->
    [one] 1 ticket: priority { $priority }
   *[other] { $n } tickets: priority { $priority }
 }
bulk-said-team = { $n ->
    [one] 1 ticket given to { $team }
   *[other] { $n } tickets given to { $team }
 }
bulk-said-spam = { $n ->
    [one] 1 ticket marked as spam
   *[other] { $n } tickets marked as spam
 }
bulk-said-snooze = { $n ->
    [one] 1 ticket snoozed until { $until }
   *[other] { $n } tickets snoozed until { $until }
 }

## Ticket
desk-none-open = No ticket is open
desk-none-open-text = Choose one from the list, or press { $key } for the first.
ticket-loading = Loading ticket
ticket-failed = The ticket could not be loaded
ticket-missing = This ticket does not exist
solve = Solve
reopen = Reopen
assign = Assign
snooze = Snooze
tags = Tags
tag-add = Add tag
tag-create = Add tag “{ $tag }”
subject = Subject
subject-edit = Edit subject
act-merge = Merge into another ticket
act-split = Split messages off
act-unread = Mark unread
act-priority = Change priority
act-team = Give to a team
act-link = Copy link
act-spam = Mark as spam
act-not-spam = Not spam
snooze-hour = In one hour
snooze-evening = Later today
snooze-tomorrow = Tomorrow morning
snooze-monday = Monday morning
snooze-week = In a week
snooze-own = Choose a date
snooze-until = Comes back
snooze-past = Choose a time that lies ahead.
snooze-wake = Wake now
merge-title = Merge #{ $number } into…
merge-about = Its messages move over. This can be undone.
merge-find = Find a ticket by number, name or words
merge-into = Merge into #{ $number }
merge-same-person = same person
split-title = Split messages off
split-hint = Tick the messages that belong elsewhere.
split-n = { $n ->
    [one] 1 message goes to a new ticket
   *[other] { $n } messages go to a new ticket
 }
split-pick = Split off the message by { $name }
split-subject = Subject of the new ticket
split-do = { $n ->
    [one] Split 1 message off
   *[other] Split { $n } messages off
 }
strip-label = This ticket by channel
strip-jump = Jump to { $day }
ro-merged = Replies go to the other ticket now.
ro-closed = This ticket is closed. A new message starts a new ticket.
ro-viewer = You can read here, but not answer.
ro-open = Open it
notice-merged = Merged into #{ $number }
notice-merged-away = Merged into another ticket
notice-writing = { $name } is writing a reply
notice-note = Write a note instead
notice-reading = { $n ->
    [one] { $names } is reading.
   *[other] { $names } are reading.
 }
notice-kin = #{ $number } may belong here: { $subject }
notice-kin-open = Open
notice-kin-merge = Merge into it
notice-hide = Hide
notice-follows = Follows an earlier, closed ticket
notice-follows-open = Open the earlier one

## What was done
said-solved = #{ $number } solved
said-reopened = #{ $number } is open again
said-assigned = #{ $number } assigned to { $name }
said-assigned-me = #{ $number } is yours
said-unassigned = #{ $number } belongs to nobody now
said-snoozed = #{ $number } comes back { $until }
said-spam = #{ $number } is spam
said-not-spam = #{ $number } is not spam
said-renamed = Subject changed
said-status = Status: { $status }
said-priority = Priority: { $priority }
said-team = Given to { $team }
said-unread = #{ $number } is unread
said-merged = #{ $number } merged into #{ $into }
said-split = { $n ->
    [one] 1 message is now #{ $number }
   *[other] { $n } messages are now #{ $number }
 }
said-sent = Reply in #{ $number } leaves
said-sent-solved = Reply in #{ $number } leaves, ticket solved
said-saved = Saved
said-created = #{ $number } created
said-password = Password changed

## Timeline
timeline-label = Conversation
timeline-new = { $name } on { $channel }: { $text }
message = Message
message-by = { $name }, { $at }
message-empty = No text
message-details = Details
message-fold = Fold message
mail-frame = Content of the mail
mail-from = From
mail-to = To
mail-cc = Cc
mail-date = Date
mail-sent = Left
mail-checks = Checks
mail-original = Download original
message-cut = This message is too long to be shown whole. The original has all of it.
pictures-held = Pictures from elsewhere are not loaded.
pictures-show = Show pictures
picture = Picture { $name }
download = Download { $name }
show-quoted = Show quoted text
hide-quoted = Hide quoted text
show-signature = Show signature
hide-signature = Hide signature
sender-pass = The sender’s server vouches for this address
sender-fail = The sender could not be verified
sender-unproven = Address not proven
sender-unproven-why = The address was typed into a form. Anybody may have written this.
automatic-auto_reply = Automatic reply
automatic-out_of_office = Out of office
automatic-conversation = Sent after them
automatic-generated = Automatic
automatic-newsletter = Newsletter
automatic-list = Newsletter
automatic-bounce = Delivery report
delivery-waits = waits to be sent
delivery-drop = Do not send
delivery-leaving = leaving…
delivery-in = leaves in { $n } s
delivery-queued = on its way
delivery-sent = sent
delivery-read = read { $at }
delivery-delivered = delivered
delivery-refused = not sent
delivery-bounced = came back
delivery-retry = Send again
events-summary = { $n } events: { $text }
event-status = { $by ->
    [agent] { $who } set the status to { $to }
   *[other] Status set to { $to }
 }
event-priority = { $by ->
    [agent] { $who } set the priority to { $to }
   *[other] Priority set to { $to }
 }
event-assigned = { $by ->
    [agent] { $who } assigned it to { $to }
   *[other] Assigned to { $to }
 }
event-took = { $who } took it
event-unassigned = { $by ->
    [agent] { $who } removed the assignee
   *[other] Assignee removed
 }
event-team = { $by ->
    [agent] { $who } gave it to { $to }
   *[other] Given to { $to }
 }
event-no-team = { $by ->
    [agent] { $who } took it from its team
   *[other] Taken from its team
 }
event-subject = { $by ->
    [agent] { $who } changed the subject to “{ $to }”
   *[other] Subject changed to “{ $to }”
 }
event-spam = { $by ->
    [agent] { $who } marked it as spam
   *[other] Marked as spam
 }
event-not-spam = { $by ->
    [agent] { $who } took it out of spam
   *[other] Taken out of spam
 }
event-tagged = { $by ->
    [agent] { $who } tagged { $tags }
   *[other] Tagged { $tags }
 }
event-untagged = { $by ->
    [agent] { $who } removed the tag { $tags }
   *[other] Tag { $tags } removed
 }
event-field = { $by ->
    [agent] { $who } changed { $field }
   *[other] { $field } changed
 }
event-snoozed = { $by ->
    [agent] { $who } snoozed it until { $until }
   *[other] Snoozed until { $until }
 }
event-ticket-created = Ticket created
event-ticket-woken = Back from snooze { $why }
event-ticket-reopened = Opened again { $why }
event-ticket-merged = { $by ->
    [agent] { $who } merged it into #{ $number }
   *[other] Merged into #{ $number }
 }
event-ticket-took-over = { $by ->
    [agent] { $who } merged ticket #{ $number } into this one
   *[other] Ticket #{ $number } was merged into this one
 }
event-ticket-gave-back = { $by ->
    [agent] { $who } undid the merge with ticket #{ $number }
   *[other] Merge with ticket #{ $number } undone
 }
event-ticket-merge-undone = { $by ->
    [agent] { $who } undid the merge
   *[other] Merge undone
 }
event-ticket-split = { $by ->
    [agent] { $who } split messages off
   *[other] Messages split off
 }
event-ticket-split-undone = { $by ->
    [agent] { $who } undid the split
   *[other] Split undone
 }
event-message-withdrawn = { $by ->
    [agent] { $who } took a reply back before it left
   *[other] A reply was taken back before it left
 }
why-time = because its time came
why-reply = because the shopper wrote
why-agent = by hand
why-same_subject = same subject
why-same_customer = same person
why-same_order = same order

## Composer
reply = Reply
reply-from = Send from
reply-goes-along = What was said so far goes along, and the answer stands in the chat, too.
reply-to = to { $to }
way-usual = last used
way-not-here = not on the site now
way-closes = { $time } left
way-text-only = plain text
way-letters = up to { $n } characters
way-files = up to { $n } files, { $most }
way-no-files = no files
way-blocked-no_address = No address that it reaches. Add one beside the ticket.
way-blocked-not_begun = They have to write there first
way-blocked-over = This conversation is over, until they begin another
way-blocked-window_closed = Closed until they write there again
way-moved = Not through { $from }: { $why }. It goes through { $to } now.
way-none = It cannot be answered now. { $from }: { $why }
way-plain = Formatting is lost this way: only the text is sent.
letters-left = { $n ->
    [one] { $n } character left
   *[other] { $n } characters left
  }
letters-over = { $n ->
    [one] { $n } character too many for this way
   *[other] { $n } characters too many for this way
  }
tone = How we write
tone-address = { $language }:
address-form-formal = Formal (Sie, vous, usted)
address-form-informal = Informal (du, tu, tú)
typing-unsaid = Not said yet, and kept nowhere
reply-or-note = Reply or note
note = Private note
note-short = Note
note-hint = only colleagues see this
note-add = Add note
note-solve = Add note and solve
note-wait = Add note and wait
send = Send
send-and = Send and…
send-solve = Send and solve
send-wait = Send and wait for the shopper
editor-reply = Write a reply, / finds canned answers
editor-note = Write a note, @ mentions a colleague
mention = Mention a colleague
format-bold = Bold
format-italic = Italic
format-link = Link
format-bullets = Bulleted list
format-numbers = Numbered list
format-quote = Quote
format-code = Code
link-url = Address
link-set = Set link
attach = Attach file
attachments = Attachments
file-too-big = { $name } does not fit: all attachments together may have { $most }.
file-not-this-way = { $name } cannot be sent this way.
file-wrong-kind = { $name } cannot be sent this way, which carries { $kinds }.
file-too-many = At most { $n } attachments.
file-failed = { $name } could not be attached: { $why }
file-pasted = Picture.png
file-rising = Uploading { $name }
file-stop = Stop upload
cc-wrong = This does not look like a mail address.
draft-saved = Draft saved
draft-saving = Saving draft…
signature-show = Signature
signature-hide = Hide signature
overtaken-title = Somebody answered meanwhile
overtaken-about = { $name } sent this after you began to write. Send yours too?
overtaken-back = Read it first
overtaken-send = Send anyway

## New ticket
new-ticket = New ticket
new-write = Write to the shopper
new-note = Note something
new-who = Shopper
new-who-hint = A name we know, or a mail address
new-send = Create and send
new-create = Create ticket

## One person
people-same = This is the same person as…
people-title = { $name } is the same person as…
people-about = Everything moves to one of them, who stands for both from then on. This can be undone at any time.
people-direction = { $from } goes into { $into }
people-moves = { $identities ->
    [one] 1 address
   *[other] { $identities } addresses
 }, { $tickets ->
    [one] 1 ticket
   *[other] { $tickets } tickets
 }, { $messages ->
    [one] 1 message
   *[other] { $messages } messages
 } and { $orders ->
    [one] 1 order
   *[other] { $orders } orders
 } move.
people-result = Both are called { $name } then; what colleagues noted about either stays.
people-turn = Turn round
people-merge = Merge
people-merged = Merged into this person
people-move = { $name }, { $at }
people-undo = Undo the merge with { $name }
people-split = Some of it is somebody else…
people-split-title = Who is not { $name }?
people-split-about = The chosen addresses become a person of their own, with every message that came through them. Tickets that both wrote in stay here. This can be undone.
people-split-which = Addresses of the other person
people-split-do = Split off
people-split-off = Split off from this person
people-undo-split = Undo the split from { $name }
said-people-split = { $name } is a person of their own now
said-people-unsplit = { $name } is the same person again
people-likely = Who may be the same person
people-maybe = Also { $name }?
people-yes = Same person…
people-yes-label = { $name } is the same person…
people-no = Not the same
people-no-label = { $name } is not the same person
people-why-similar_address = similar address
people-why-same_phone = same phone number, unverified
people-why-same_order = wrote of their order
people-why-same_name = same name
people-why-left_address = left this address in a chat
people-why-same_domain = address at the same place
said-people-dismissed = { $name } is not suggested again
said-people-restored = { $name } may be suggested again
said-people-merged = { $from } is now part of { $into }
said-people-unmerged = { $name } is a person of their own again
event-customer = { $by ->
    [agent] { $who } moved it to { $to }
   *[other] Moved to { $to }
 }

## Customer
customer-label = { $name } and orders
customer-scroll = Orders and history
customer-loading = Loading customer
customer-failed = The customer could not be loaded
customer-name = Name
customer-rename = Change name
customer-note = What colleagues should know
customer-writes = Writes { $language }
customer-since = Known since { $at }
customer-more = More about this person…
customer-more-title = About { $name }
customer-languages = Understands
customer-languages-hint = Languages such as de, with commas between them
customer-commas = With commas between them
customer-zone = Time zone
customer-zone-hint = Such as Europe/Oslo
customer-address = Address
customer-address-n = Address { $n }
address-label = What for
address-name = Name
address-company = Company
address-street = Street and number
address-extra = Floor, door
address-postcode = Postcode
address-city = City
address-region = State or province
address-country = Country
address-add = Another address
address-remove = Take this address away
yes = Yes
no = No
attributes = What the shop wants to know
attribute-none = Not said
settings-attributes = Customer fields
attributes-no = No fields of your own yet
attributes-no-text = Whatever else you want to know of customers, such as a shoe size.
attribute-new = New field
attribute-edit = Change a field
attribute-label = Name
attribute-label-hint = As colleagues read it
attribute-key = Key
attribute-key-hint = For programs, such as shoe_size. It never changes.
attribute-kind = Kind
attribute-kind-text = Text
attribute-kind-number = Number
attribute-kind-boolean = Yes or no
attribute-kind-date = Day
attribute-kind-choice = One of a few
attribute-choices = To choose from
attribute-delete = Delete { $label }?
attribute-delete-about = What customers have of it stays stored, and shows again when a field with this key is made.
attribute-deleted = { $label } is deleted
consents = Agreed to
consent-given = since { $at }
consent-withdrawn = withdrawn { $at }
consent-withdraw = Withdraw
consent-withdraw-label = They take { $what } back
said-consent-withdrawn = { $what } is withdrawn
consent-add = Note a consent…
consent-title = What { $name } agrees to
consent-what = What
consent-what-hint = Such as newsletter
consent-how = How
consent-how-hint = Where and in which words, such as: on the phone, asked twice
settings-blocks = Blocked senders
blocks-none = Nobody is blocked
blocks-none-text = What a blocked sender writes is kept in Spam and reaches no list.
block-new = Block a sender
block-title = Block { $name }
block-about = What they send is kept in Spam, reaches no list and is not answered by itself. It can be undone at any time, and nothing is deleted.
block-what = What to block
block-all = All that { $name } sends
block-customer = Customer { $id }
block-domain = All of { $domain }
block-kind-domain = Mail domain
block-value = Address or domain
block-why = Why
block-why-hint = For colleagues
block-when = Since
block-do = Block
block-add = Block…
block-lift = Unblock
block-since = Blocked: { $what } ({ $by }, { $at }).
block-unproven = What is proven to be theirs still comes through.
said-blocked = Blocked: { $what }
said-unblocked = Unblocked: { $what }
ticket-blocked = The sender is blocked
journey = Everything that happened
journey-facts = About
journey-tab = Journey
journey-whole = The whole journey
journey-kinds = What to show
journey-kind-message = Messages
journey-kind-note = Notes
journey-kind-ticket = Tickets
journey-kind-order = Orders
journey-kind-visit = Visits
journey-kind-event = Changes
journey-failed = The journey could not be loaded
journey-loading = Loading the journey
journey-none = Nothing of this happened yet
journey-more = Show earlier
journey-no-text = (no text)
journey-order = { $number }, { $total }, { $status }
journey-visit = Came to the chat
journey-customer-created = Became known
journey-customer-changed = Changed: { $fields }
journey-customer-merged = Merged with another customer
journey-customer-merge-undone = A merge was undone
journey-customer-split = Some addresses became another person
journey-customer-split-undone = A split was undone
journey-customer-told-apart = Compared with somebody else
journey-customer-consent-given = Agreed to { $what }
journey-customer-consent-withdrawn = Withdrew { $what }
journey-block-added = Blocked: { $what }
journey-block-removed = Unblocked: { $what }
journey-field-name = name
journey-field-language = language
journey-field-note = note
journey-field-languages = languages
journey-field-time_zone = time zone
journey-field-tags = tags
journey-field-addresses = addresses
journey-field-attributes = fields of the shop
journey-field-identities = mail addresses and numbers
journey-field-verified = what is proven to be theirs
message-joined = In this ticket
joined-visit = goes on in the same chat
joined-token = answers one of our mails
joined-references = answers a message of this ticket
joined-conversation = the only open ticket of this person
joined-colleague = a colleague wrote by mail
joined-new_message = began it
joined-closed = began it, because the one before is closed
joined-past_reopen_window = began it, because the one before was solved long ago
joined-blocked = its sender is blocked
joined-unblocked = began it, because its sender is no longer blocked
facts-tickets = Tickets
facts-orders = Orders
facts-since = Known since
orders-all = All { $n } orders
order-placed = Ordered { $at }
order-delivered = Delivered
order-shipped = Shipped
order-in_transit = In transit
order-paid = Paid
order-pending = Pending
order-processing = Processing
order-cancelled = Cancelled
order-refunded = Refunded
order-returned = Returned
earlier = Before
earlier-none = No other tickets.
identities = Same person
identity-verified = Verified
identity-unverified = not verified
identity-add = Another address…
identity-add-title = Another address of { $name }
identity-add-do = Add
identity-kind = Kind
identity-value = Address or number
identity-phone-hint = With the code of its country, unless it is the shop’s own.
identity-account-hint = The id in the shop; for another platform with its name and a colon in front.
identity-sure = It is theirs for sure
identity-sure-hint = What comes through it then joins their conversations by itself.
identity-more = What to do with { $value }
identity-prove = It is theirs for sure
identity-doubt = Not sure any more
identity-remove = Take it away
identity-proven = Verified { $by }, { $at }
identity-seen = Seen first { $first }, last { $last }
identity-unseen = Nobody has written through it yet
proof-dmarc = by the mail servers (DMARC)
proof-dkim = by the mail servers (DKIM)
proof-spf = by the mail servers (SPF)
proof-channel = by the channel itself
proof-token = by the shop’s own server
proof-order = by an order
proof-agent = by a colleague
source-email = by email
source-shop = from the shop
source-agent = by a colleague
source-import = imported
source-order = from an order
about-person = About
customers-find = Find a name, address or number
customers-loading = Loading customers
customers-failed = Customers could not be loaded
customers-none = No customers yet
customers-none-text = Whoever writes appears here.
customers-no-hit = Nobody found for “{ $q }”
customers-no-hit-text = Try a part of the name or the mail address.
customers-pick = No customer chosen
customers-pick-text = Choose one from the list.
customers-tickets = { $n ->
    [one] 1 ticket
   *[other] { $n } tickets
 }

## Search
palette-label = Type a command, a ticket, a name or an address
palette-hint = Search or do
palette-results = Results
palette-enter = What Enter will do
palette-ticket = Ticket #{ $number }
palette-go = Go to
palette-do = Do
palette-tickets = Tickets
palette-search = Search
palette-all = All results for “{ $q }”
palette-settings = Settings: { $page }
palette-nothing = Nothing found for “{ $q }”
palette-searching = Searching
palette-move = move
palette-choose = choose
palette-p-ticket = ticket
palette-p-person = person
palette-p-command = command
about-go = Opens { $place }.
about-open = Opens the ticket.
about-customer = Opens the customer.
about-create = Starts a ticket with a message or a note.
about-help = Shows what every key does here.
about-out = Ends the session of { $name } in this browser.
about-all = Shows tickets, messages and customers on one page.
about-reply = Puts the cursor into the reply to #{ $number }.
about-note = Starts a note in #{ $number } that only colleagues see.
about-solve = Solves “{ $subject }” and opens the next ticket. Can be undone.
about-assignMe = Makes #{ $number } yours, or gives it back.
about-assign = Chooses who answers #{ $number }.
about-snooze = Puts #{ $number } away until a time you choose.
about-tag = Adds or removes tags of #{ $number }.
about-priority = Changes the priority of #{ $number }.
about-merge = Moves the messages of #{ $number } into another ticket. Can be undone.
about-unread = Marks #{ $number } unread and opens the next ticket.
search-label = Search tickets, messages and customers
search-kind = What to search
search-everything = Everything
search-ticket = Tickets
search-message = Messages
search-customer = Customers
search-failed = The search did not answer
search-start = Search everything
search-hint = Parts of words and small typing errors are fine.

## Keys
help-title = Keyboard shortcuts
help-off = Single keys are switched off.
help-change = Change keys
help-go = Everywhere
help-list = List
help-ticket = Ticket
help-panes = Panes
key-ctrl = Ctrl
key-palette = Search or do
key-help = All keys
key-create = New ticket
key-goInbox = Go to inbox
key-goCustomers = Go to customers
key-goSettings = Go to settings
key-goUnassigned = Go to unassigned
key-next = Next
key-previous = Previous
key-open = Open
key-back = Back to list
key-select = Select
key-extendDown = Extend selection down
key-extendUp = Extend selection up
key-filter = Filter
key-reply = Reply
key-note = Private note
key-send = Send
key-sendSolve = Send and solve
key-way = Choose the way
key-solve = Solve or reopen
key-snooze = Snooze
key-assign = Assign
key-assignMe = Assign to me
key-tag = Tags
key-priority = Priority
key-merge = Merge
key-unread = Mark unread
key-undo = Undo last action
key-more = More actions
key-views = Views
key-customer = Customer

## Sign-in
gate-sign-in = Sign in to Shopbell
gate-setup = Set up Shopbell
gate-forgot = Forgotten password
gate-new-password = Choose a new password
gate-invitation = Join the team
gate-do-sign-in = Sign in
gate-do-setup = Start
gate-do-forgot = Send link
gate-do-new-password = Set password
gate-do-invitation = Join
gate-setup-about = You are the first one here. This makes you the owner.
gate-invited = { $shop } invites { $email }.
gate-forgot-about = We mail a link that works once.
gate-forgot-done = If this address belongs to an agent, a link is on its way.
gate-new-done = Your new password works from now on.
gate-to-sign-in = Sign in
gate-to-forgot = Forgotten password?
gate-shop = Name of the shop
gate-name = Your name
gate-email = Mail address
gate-password = Password
gate-password-new = New password
gate-password-hint = At least 10 characters. A sentence is fine.
gate-wrong = Address and password do not fit together.
gate-invitation-dead = This invitation is used up or too old. Ask for a new one.

## Settings
settings-group-you = You
settings-group-shop = Shop
settings-group-people = People
settings-group-system = System
settings-profile = Profile
settings-keyboard = Keyboard
settings-sessions = Sessions
settings-shop = Shop
settings-agents = Agents
settings-teams = Teams
settings-inboxes = Inboxes
settings-tokens = API tokens
settings-quarantine = Quarantine
settings-jobs = Failed jobs
save-changes = { $n ->
    [one] 1 change not saved
   *[other] { $n } changes not saved
 }
save-discard = Discard
save-leave = Leave without saving the changes?
profile-you = You
profile-signature = Signature
profile-signature-hint = Stands below your replies, instead of the inbox’s or the shop’s.
profile-look = How the desk looks
profile-theme = Colours
profile-density = Density
profile-keys = Single-key shortcuts
profile-keys-hint = J, R, E and the others. With ⌘ or Ctrl, keys work either way.
keyboard-on = Single keys do what they say below
keyboard-how = Go to a field and press the key you want. { $leader } begins a sequence of two. Backspace brings the usual key back.
keyboard-fixed = { $key }, always
keyboard-then = { $key }, then…
keyboard-rival = { $key } is also “{ $other }”. One of them needs another key.
keyboard-refused-browser = The browser keeps { $key } for itself.
keyboard-refused-moving = { $key } moves the focus or presses a button.
keyboard-clash = Two shortcuts want the same key.
keyboard-reset = Back to { $key }
keyboard-reset-all = Usual keys again
profile-password = Password
profile-password-now = Current password
profile-password-change = Change password
theme-system = As the system
theme-light = Light
theme-dark = Dark
density-cosy = Cosy
density-compact = Compact
sessions-about = Where you are signed in. End what you do not know.
sessions-none = No sessions
sessions-revoke = End all others
sessions-revoked = All other sessions ended
session-device = Device
session-since = Since
session-seen = Last seen
session-this = This one
session-unknown = Unknown device
session-revoke = End
session-revoked = Session ended
role-owner = Owner
role-admin = Admin
role-admin-hint = everything but the owner
role-lead = Lead
role-lead-hint = tickets, customers, people
role-agent = Agent
role-agent-hint = tickets and customers
role-viewer = Viewer
role-viewer-hint = reads only
agent-name = Name
agent-role = Role
agent-role-of = Role of { $name }
agent-off = Disabled
agent-chats = Chats at once
agent-chats-of = Chats that { $name } is given at once
agent-chats-inbox = as inbox
agent-chats-hint = New chats are given by themselves up to this many; 0 for none, empty for what each inbox says. Anybody can take more by hand.
profile-chats = You are given { $n } chats at once. Leads change that under Agents.
profile-chats-inbox = You are given as many chats at once as each inbox says. Leads change that under Agents.
agent-disable = Disable
agent-disable-title = Disable { $name }?
agent-disable-about = They are signed out everywhere and cannot sign in. Their messages and tickets stay, and you can enable them again.
agent-disable-do = Disable { $name }
agent-enable = Enable
invite = Invite agent
invite-send = Send invitation
invite-sent = The invitation to { $email } is on its way. This link works too, once:
invitations = Open invitations
invitation-until = Good until { $at }
invitation-withdraw = Withdraw
invitation-withdrawn = Invitation to { $email } withdrawn
teams-none = No teams yet
teams-none-text = A team groups people and gets a queue of its own.
team-new = New team
team-edit = Edit team
team-name = Name
team-people = People
team-members = { $n ->
    [one] 1 person
   *[other] { $n } people
 }
team-save = Save team
team-delete = Delete { $name }
team-delete-about = Its tickets stay and belong to no team.
team-deleted = Team { $name } deleted
tokens-about = Other software signs in with a token. Each has a name and only the rights it needs.
tokens-none = No tokens
tokens-none-text = Make one for each program that talks to Shopbell.
token-new = New token
token-name = Name
token-name-hint = What uses it
token-scopes = Rights
token-used = Last used
token-never = Never
token-create = Create token
token-once = Copy it now. It is not shown again.
token-revoke = Revoke
token-revoked = Token { $name } revoked
scope-read = Read
scope-read-hint = Everything the desk shows
scope-write = Write
scope-write-hint = Answer, change and create
scope-orders = Orders
scope-orders-hint = Refund, cancel, receive returns
scope-carriers = Carriers
scope-carriers-hint = News of parcels, nothing else
scope-admin = Admin
scope-admin-hint = Settings, people and tokens
shop-what = The shop
shop-name = Name
shop-address = Web address
shop-address-hint = Where shoppers find you
shop-language = Language of the shop
shop-currency = Currency
shop-country = Country
shop-country-hint = Two letters, such as NO: phone numbers without a country’s code are from there.
shop-answering = Answering
shop-undo = Seconds to undo a reply
shop-undo-hint = So long a reply waits before it leaves.
shop-reopen = Days to reopen
shop-reopen-hint = A reply within this time opens a solved ticket again.
shop-join = Chats go on in the only open ticket
shop-join-hint = Of somebody who is known for sure, whichever channel it began in. Off: each chat is a ticket of its own.
shop-signature = Signature of the shop
shop-signature-hint = Stands below replies when neither inbox nor agent has one.
shop-voice = How the shop speaks
voice-greeting = Greeting in { $language }
voice-greeting-sample = Hi {"{{customer.first_name}}"},
voice-address = Form of address in { $language }
voice-more = Another language
voice-add = Choose a language
voice-hint = A new letter begins with the greeting in the shopper’s language; a chat has none. Variables as in canned answers.
shop-tone-hint = Beside the reply for everybody who writes. Plain text; - begins a list, ** stands around what matters.
inbox-add = Add
inbox-new = New inbox
inboxes-none = No inbox yet
inboxes-none-text = Add the mail address your shoppers write to.
inboxes-pick = No inbox chosen
inboxes-pick-text = Choose one to see how it is connected.
inbox-account = Account
inbox-channel = Channel
inbox-name = Name
inbox-address = Address
inbox-team = Team
inbox-team-hint = New tickets go to its queue.
inbox-signature = Signature
inbox-signature-hint = Stands below every reply from here.
inbox-active = Receives and sends
inbox-more = More
inbox-snippet = On the pages of the shop
inbox-snippet-about = Put this line on every page that shall have the chat. The guide says what else a strict page needs.
inbox-delete = Delete inbox
inbox-delete-title = Delete { $name }?
inbox-delete-about = Tickets and messages stay. Nothing is fetched or sent any more.
inbox-deleted = Inbox { $name } deleted
probe = Check the connection
probe-busy = Checking…
probe-ok = The connection works in both directions.
health-starting = Not fetched yet
health-ok = Connected
health-failing = Failing
health-silent = Silent
health-push_only = Receives by HTTP
health-off = Switched off
health-failing-since = Not reachable since { $at }.
health-silent-since = Nothing fetched since { $at }.
health-fetched = Last fetched { $at }
secret-stored = Stored. Leave empty to keep it.
choice-usual = { $value } (as usual)
choice-none = None
choice-tls = TLS
choice-starttls = STARTTLS
choice-plain = Not encrypted
choice-google = Google
choice-microsoft = Microsoft
choice-other = Other
choice-on = On
choice-off = Off
setting-section-imap = Receiving (IMAP)
setting-section-smtp = Sending (SMTP)
setting-section-oauth = Sign-in with OAuth
email-imap-host = Server
email-imap-port = Port
email-imap-security = Encryption
email-imap-username = User
email-imap-password = Password
email-imap-folders = Folders
email-imap-idle = New mail at once (IDLE)
email-imap-poll-seconds = Seconds between looks
email-imap-backfill-days = Days to fetch at first
email-imap-after-fetch = After fetching
email-imap-max-mb = Largest mail, MB
email-imap-allow-plain = Allow an unencrypted connection
email-imap-ca = Own certificate authority
email-smtp-host = Server
email-smtp-port = Port
email-smtp-security = Encryption
email-smtp-username = User
email-smtp-password = Password
email-smtp-per-minute = Mails per minute at most
email-smtp-allow-plain = Allow an unencrypted connection
email-smtp-ca = Own certificate authority
email-oauth-provider = Provider
email-oauth-client-id = Client id
email-oauth-client-secret = Client secret
email-oauth-refresh-token = Refresh token
email-oauth-token-url = Token address
email-oauth-scope = Scope
email-plus-addressing = Replies come to name+token@
email-authserv-id = Name of the checking server
email-trust-auth-results = Trust its SPF, DKIM and DMARC results
quarantine-about = Mail that could not be read. Nothing is lost, and nothing waits behind it.
quarantine-none = Quarantine is empty
quarantine-none-text = Every message could be read.
quarantine-came = Arrived
quarantine-why = Why
quarantine-size = Size
quarantine-tries = { $n ->
    [one] 1 try
   *[other] { $n } tries
 }
quarantine-raw = Download
quarantine-retried = Read again
quarantine-deleted = Deleted
quarantine-sure = Delete this message for good?
jobs-about = Work that failed for good. Mend the cause, then run it again.
jobs-none = No failed jobs
jobs-none-text = Everything that was planned has run.
job-what = Job
job-why = Last error
job-when = Planned
job-retried = Runs again
job-deleted = Deleted
job-sure = Drop this job for good?

## Canned answers
settings-answers = Canned answers
answer-new = New answer
answer-edit = Change an answer
answer-find = Find by shortcut, name or text
answer-name = Name
answer-shortcut = Shortcut
answer-shortcut-hint = One word; type it behind / while writing.
answer-language = Language
answer-any-language = Any language
answer-whose = Who sees it
answer-all = Everybody
answer-mine = Only me
answer-used = Used
answer-text = Text
answer-text-hint = Write the answer
answer-variables = Put in what the ticket knows
answer-variables-hint = Filled in when the answer is used. What nobody knows then is marked in the text, and you are asked before it leaves.
variable-customer-first_name = First name
variable-agent-name = Your name
variable-ticket-number = Ticket number
variable-shop-name = Name of the shop
answer-preview = How it may look
answer-sample-name = Johanna
answer-delete = Delete { $name }?
answer-delete-about = What was written with it stays as it is.
answer-deleted = { $name } is deleted
answers-none = No canned answers yet
answers-none-text = Keep what you write often, and put it into a reply with / and its shortcut.
answers-not-found = Nothing found
answers-not-found-text = Words are found by how they begin.
holes-title = Something is still to be filled in
holes-about = The shopper would read it like this:
holes-send = Send as it is
holes-back = Fill it in
palette-p-answer = answer

## What the server says
# Keys are the server's own sentences: lower case, numbers as n (see said.ts).
server-there-is-nothing-here-or-you-may-not-see-it = There is nothing here, or you may not see it.
server-the-disk-is-full-nothing-was-written-reading-still-works = The disk is full. Nothing was written; reading still works.
server-the-database-does-not-answer-nothing-was-written-try-again-short = The database does not answer. Nothing was written; try again shortly.
server-something-went-wrong-on-our-side-nothing-was-changed = Something went wrong on our side. Nothing was changed.
server-a-closed-ticket-is-frozen-go-on-in-a-new-one = A closed ticket is frozen. Go on in a new one.
server-a-solved-ticket-cannot-be-snoozed-open-it-first = A solved ticket cannot be snoozed. Open it first.
server-it-has-left-already-and-cannot-be-taken-back = It has left already and cannot be taken back.
server-its-ticket-was-merged-at-the-same-moment = Its ticket was merged at the same moment.
server-only-an-answer-that-was-refused-or-bounced-can-be-sent-again = Only an answer that was refused or bounced can be sent again.
server-shopbell-is-set-up-already-sign-in-or-ask-an-owner-for-an-invita = Shopbell is set up already. Sign in, or ask an owner for an invitation.
server-this-customer-was-merged-into-another-one-work-with-that-one = This customer was merged into another one. Work with that one.
server-both-notes-together-are-too-long-shorten-one-of-them-first = Both notes together are too long. Shorten one of them first.
server-they-were-merged-or-split-again-since-undo-that-first = They were merged or split again since. Undo that first.
server-must-be-another-customer = must be another customer
server-must-be-some-of-the-customer-s-identities-not-none-and-not-all = must be some of the customer's identities, not none and not all
server-somebody-changed-this-customer-just-now-try-again = Somebody changed this customer just now. Try again.
server-somebody-changed-this-ticket-meanwhile-look-at-it-again-then-dec = Somebody changed this ticket meanwhile. Look at it again, then decide.
server-there-is-nothing-to-undo-or-it-was-undone-already = There is nothing to undo, or it was undone already.
server-this-is-the-last-owner-make-somebody-else-an-owner-first = This is the last owner. Make somebody else an owner first.
server-this-link-has-been-used-already-ask-for-a-new-one = This link has been used already. Ask for a new one.
server-this-link-has-expired-ask-for-a-new-one = This link has expired. Ask for a new one.
server-this-ticket-is-closed-write-in-a-new-one = This ticket is closed. Write in a new one.
server-this-installation-has-no-way-to-send-mail-yet = This installation has no way to send mail yet.
server-is-required = is required
server-is-needed = is needed
server-is-needed-with-a-password = is needed with a password
server-is-needed-unless-oauth-is-set-up = is needed, unless `oauth` is set up
server-is-needed-unless-oauth-provider-is-google-or-microsoft = is needed, unless `oauth.provider` is `google` or `microsoft`
server-is-not-known = is not known
server-is-no-team = is no team
server-is-no-inbox = is no inbox
server-is-no-ticket = is no ticket
server-is-no-customer = is no customer
server-must-be-the-number-of-a-customer = must be the number of a customer
server-must-be-a-domain-such-as-shop-example = must be a domain, such as shop.example
server-is-where-anybody-can-have-an-address-block-the-address-instead = is where anybody can have an address: block the address instead
server-it-is-blocked-already = It is blocked already.
server-each-must-be-a-language-tag-such-as-de-or-pt-br = each must be a language tag, such as de or pt-BR
server-must-be-a-time-zone-such-as-europe-oslo = must be a time zone, such as Europe/Oslo
server-is-needed-where-there-is-no-city = is needed where there is no city
server-at-most-n-on-one-customer = at most { $a } on one customer
server-is-no-attribute-of-this-shop-s-customers = is no attribute of this shop's customers
server-must-be-a-text = must be a text
server-must-be-a-number = must be a number
server-must-be-true-or-false = must be true or false
server-must-be-a-day-such-as-n-n-n = must be a day, such as 2026-03-02
server-must-be-small-letters-digits-and-underscores-such-as-shoe-size = must be small letters, digits and underscores, such as shoe_size
server-are-needed-for-this-kind = are needed for this kind
server-at-most-n-in-one-shop = at most { $a } in one shop
server-another-attribute-has-this-key-already = Another attribute has this key already.
server-must-not-be-in-the-future = must not be in the future
server-they-have-agreed-to-this-already-and-not-taken-it-back = They have agreed to this already, and not taken it back.
server-customer-n-has-this-identity-merge-the-two-or-take-it-away-from = Customer { $a } has this identity. Merge the two, or take it away from them first.
server-must-be-a-phone-number-such-as-n-n-n-n-n = must be a phone number, such as +47 22 12 34 56
server-needs-the-code-of-its-country-in-front-such-as-n-or-a-country-in = needs the code of its country in front, such as +47, or a country in the shop's settings
server-begins-with-the-code-of-no-country = begins with the code of no country
server-is-too-long-for-a-phone-number = is too long for a phone number
server-is-too-short-for-a-phone-number = is too short for a phone number
server-is-no-phone-number-of-its-country-a-digit-is-missing-or-there-is = is no phone number of its country: a digit is missing, or there is one too many
server-must-be-one-word = must be one word
server-must-be-a-country-of-two-capital-letters-such-as-no = must be a country of two capital letters, such as NO
server-they-have-this-identity-already = They have this identity already.
server-messages-came-through-it-split-it-off-instead-they-go-along-and = Messages came through it. Split it off instead: they go along, and it can be undone.
server-is-no-channel = is no channel
server-is-no-address = is no address
server-is-no-active-agent = is no active agent
server-is-switched-off = is switched off
server-is-not-your-password = is not your password
server-is-one-of-the-most-common-passwords-choose-another = is one of the most common passwords; choose another
server-is-hardly-more-than-the-address-choose-another = is hardly more than the address; choose another
server-is-another-team-s-name = is another team's name
server-is-closed-choose-a-ticket-that-is-not = is closed; choose a ticket that is not
server-belongs-to-an-agent-already = belongs to an agent already
server-another-inbox-has-this-address-already = another inbox has this address already
server-this-customer-has-no-address-that-this-inbox-can-reach = this customer has no address that this inbox can reach
server-there-is-no-inbox-to-write-from-add-one-in-the-settings = there is no inbox to write from; add one in the settings
server-at-most-n-on-one-ticket = at most { $a } on one ticket
server-at-most-n-addresses = at most { $a } addresses
server-each-must-have-n-to-n-visible-characters = each must have { $a } to { $b } visible characters
server-must-have-n-to-n-visible-characters = must have { $a } to { $b } visible characters
server-must-have-n-to-n-characters = must have { $a } to { $b } characters
server-must-have-at-most-n-characters = must have at most { $a } characters
server-must-have-at-least-n-characters = must have at least { $a } characters
server-must-have-at-least-one-visible-character = must have at least one visible character
server-must-say-something = must say something
server-must-be-one-line = must be one line
server-must-be-one-line-without-control-characters = must be one line without control characters
server-must-be-another-ticket = must be another ticket
server-must-be-in-the-future = must be in the future
server-must-be-within-two-years = must be within two years
server-must-be-some-of-the-ticket-s-messages-not-none-and-not-all = must be some of the ticket's messages, not none and not all
server-must-be-between-n-and-n = must be between { $a } and { $b }
server-must-be-a-number-from-n-to-n = must be a number from { $a } to { $b }
server-must-be-a-mail-address-such-as-help-fjellvik-example = must be a mail address, such as help@fjellvik.example
server-must-be-an-e-mail-address = must be an e-mail address
server-must-be-a-host-name = must be a host name
server-must-be-a-certificate-in-pem-form = must be a certificate in PEM form
server-must-be-a-language-tag-such-as-de-or-pt-br = must be a language tag, such as de or pt-BR
server-must-be-a-code-of-three-capital-letters-such-as-eur = must be a code of three capital letters, such as EUR
server-must-be-leave-seen-delete-or-move-and-a-folder = must be `leave`, `seen`, `delete` or `move:` and a folder
server-must-name-a-folder-that-mail-is-not-fetched-from = must name a folder that mail is not fetched from
server-must-start-with-https = must start with https://
server-must-start-with-https-or-http = must start with https:// or http://
server-would-send-the-password-in-the-clear-use-tls-or-starttls-or-set = would send the password in the clear; use `tls` or `starttls`, or set `allow_plain`
server-only-an-owner-may-change-an-owner-or-make-somebody-one = Only an owner may change an owner, or make somebody one.
server-only-an-owner-may-invite-an-owner = Only an owner may invite an owner.
server-shared-answers-are-changed-by-leads-admins-and-owners = Shared answers are changed by leads, admins and owners.
server-another-answer-in-this-language-has-this-shortcut-already = another answer in this language has this shortcut already
server-must-have-n-to-n-letters-digits-dashes-or-underscores = must have { $a } to { $b } letters, digits, dashes or underscores
server-must-have-at-most-n-characters-this-way = must have at most { $a } characters this way
server-at-most-n-in-one-message-this-way = at most { $a } in one message this way
server-may-not-answer-any-more-the-shopper-has-to-write-there-first-cho = may not answer any more: the shopper has to write there first. Choose another way
server-shared-views-are-changed-by-leads-admins-and-owners = Shared views are changed by leads, admins and owners.
server-this-conversation-has-grown-too-long-begin-a-new-one = This conversation has grown too long. Begin a new one.
server-this-conversation-is-somebody-else-s-begin-a-new-one = This conversation is somebody else's. Begin a new one.
server-this-shop-s-chat-does-not-stand-on-this-site = This shop's chat does not stand on this site.
chat-origins = Sites it stands on, with https://, separated by commas
chat-colour = Colour
chat-side = Corner (end: right where text runs to the right)
chat-names = How agents are named
chat-greeting-en = In English
chat-greeting-de = In German
chat-greeting-fr = In French
chat-greeting-es = In Spanish
chat-greeting-sv = In Swedish
chat-greeting-ar = In Arabic
setting-section-greeting = Greeting
event-visit-ended = The visitor ended the chat
event-visit-deleted = The visitor deleted the chat and can no longer be reached in it
chat-files-mb = Largest file of a visitor in MB (0: none)
chat-hours-zone = Time zone of the opening hours, such as Europe/Berlin
chat-hours-mon = Open on Mondays, such as 9:00-17:30
chat-hours-tue = Open on Tuesdays
chat-hours-wed = Open on Wednesdays
chat-hours-thu = Open on Thursdays
chat-hours-fri = Open on Fridays
chat-hours-sat = Open on Saturdays
chat-hours-sun = Open on Sundays
chat-questions-name = Ask for the name before the chat
chat-questions-email = Ask for the mail address before the chat
chat-questions-topics = Topics to choose from before the chat, separated by commas
chat-questions-question = Another question before the chat
server-nobody-has-answered-yet-so-there-is-no-conversation-to-send = Nobody has answered yet, so there is no conversation to send.
page-visitors = Visitors on the site
rail-visitors = Visitors
visitors-failed = The visitors could not be loaded
visitors-loading = Loading visitors
visitors-none = Nobody is on the site just now
visitors-none-text = Visitors who consent to it are shown here while they are on the shop's pages.
visitors-here = here for { $span }
visitors-page = for { $span }
visitors-cart = Cart: { $amount }
visitors-speak = Start a chat
visitors-ticket = Open ticket
visitors-say = First words to { $name }
server-this-visitor-was-spoken-to-already-and-has-not-answered-yet = This visitor was spoken to already and has not answered yet.
chat-typing-preview = Agents see what visitors are typing before they send it. Your privacy notice has to say so.
server-this-visitor-has-just-written-to-you-answer-in-their-ticket = This visitor has just written to you. Answer in their ticket.
chat-capacity = Chats that an agent is given at once; new ones go to who is free longest (0: to nobody)
chat-identity-keys = Keys of the shop's server (JSON Web Key Set)
setting-section-identity = Signed-in shoppers
form-origins = Sites that may show it in a frame, with https://, separated by commas
form-topics = Topics to choose from, in place of a subject, separated by commas
form-order = Ask for an order number
form-files-mb = Largest file in MB (0: none)
server-this-form-cannot-be-sent-from-this-site = This form cannot be sent from this site.
choice-no = No
choice-optional = Yes, if they like
choice-required = Yes, needed
setting-section-hours = Opening hours
inbox-form-page = The page stands at
inbox-form-about = This line puts the form where it stands on a page of the shop, if the page's site is named above. The guide has a frame for pages that run no scripts. Answers go through the shop's mail inbox.
heard-title = Add what was said
heard-about = What { $name } said in the shop or on the phone. It stands in the ticket as theirs, with your name beside it.
heard-text = What was said
heard-where = Where
heard-phone = On the phone
heard-when = When
heard-when-hint = Empty: now
heard-add = Add
act-heard = Add what was said
said-heard = Added to #{ $number }
new-heard = In the shop or on the phone
new-who-heard = A name, a mail address, a phone number; empty if nobody knows
message-entered = written down by { $name }
message-entered-by = Written down by
joined-entered = a colleague wrote it down
spam-signs = Looks like spam
sign-trap = filled in what nobody sees
sign-fast = sent faster than anybody types
sign-links = many links
sign-markup = markup of forums or pages
sign-hidden = invisible characters
sign-link_in_name = a link in the name or subject
settings-greetings = Greetings
greetings-about = What the shop says first to visitors of its pages. Of several that fit the first is shown, beside the button; only who answers becomes a conversation. Nobody sees more than one a day, and who closes one is left alone for 30 days.
greetings-none = Nobody is greeted yet
greetings-none-text = Speak to visitors who look at something for long, or come back.
greetings-no-inbox = There is no chat yet
greetings-no-inbox-text = Add an inbox of the channel Chat first.
greeting-inbox = Chat
greeting-new = New greeting
greeting-edit = Change a greeting
greeting-name = Name
greeting-name-hint = For colleagues; visitors do not see it
greeting-says = What it says
greeting-language = Language
greeting-text = Text
greeting-more-text = Add a language
greeting-less-text = Remove this language
greeting-face = Whose face it wears
greeting-face-shop = The shop
greeting-face-hint = Named as the inbox names people
greeting-when = When it is shown
greeting-all-pages = On all pages
greeting-how = How the address is compared
greeting-how-begins = Address begins with
greeting-how-contains = Address contains
greeting-how-pattern = Address is like (* for anything)
greeting-page = Part of the address
greeting-more-page = Add a page
greeting-less-page = Remove this page
greeting-seconds = Seconds on the page
greeting-hours = Time
greeting-hours-always = Always
greeting-hours-open = Within the opening hours
greeting-hours-staffed = While somebody is at the desk
greeting-amount = Cart of at least
greeting-amount-hint = If the shop’s page tells it
greeting-visits = From which visit on
greeting-visits-hint = 0 for all; counted only with consent
greeting-languages = Only in these languages
greeting-languages-hint = Such as de, nb; empty for all
greeting-known = Only to customers you know
greeting-known-hint = The shop’s server has said who they are
greeting-days = Not again within so many days
greeting-days-hint = For the same visitor
greeting-active = Switched on
greeting-off = Off
greeting-turn-on = Switch on
greeting-turn-off = Switch off
greeting-up = Try earlier
greeting-down = Try later
greeting-up-name = Try { $name } earlier
greeting-down-name = Try { $name } later
greeting-shown = Shown
greeting-answered = Answered
greeting-delete = Delete { $name }?
greeting-delete-about = Nobody is greeted with it any more. Conversations that began with it stay.
greeting-deleted = { $name } is deleted
greeting-everywhere = on all pages
greeting-on-begins = on pages that begin with { $value }
greeting-on-contains = on pages with { $value } in their address
greeting-on-pattern = on pages like { $value }
greeting-or = {" or "}
greeting-after = { $n ->
    [one] after one second
   *[other] after { $n } seconds
}
greeting-cart-from = with a cart of at least { $amount }
greeting-to-known = to customers you know
greeting-from-visit = from visit { $n } on
greeting-while-open = within the opening hours
greeting-while-staffed = while somebody is at the desk
greeting-in = in { $languages }
automatic-greeting = Greeting
server-visitors-come-in-through-no-page-here-so-nobody-can-be-greeted = Visitors come in through no page here, so nobody can be greeted.
server-is-needed-in-n-to-n-languages = is needed in { $a } to { $b } languages
server-each-must-have-n-to-n-characters-and-no-blanks = each must have { $a } to { $b } characters and no blanks
server-must-be-more-than-nothing = must be more than nothing
server-at-most-n-greetings-for-one-inbox = at most { $a } greetings for one inbox
journey-kind-pages = Pages
journey-pages = { $n ->
    [one] Looked at one page
   *[other] Looked at { $n } pages
}
journey-pages-more = { $n ->
    [one] and one more
   *[other] and { $n } more
}
journey-seconds = { $n } s
shop-page-days = Days for which pages are kept that visitors saw
shop-page-days-hint = Only of visitors who consent to it
customers-filter = Narrow by tag or field
customers-tag = Tag
customers-field = Field
customers-value = Value
customers-any-field = Any
customers-any-value = Any
customers-clear = Show all
customers-none-such = Nobody fits
server-must-be-a-key-a-colon-and-a-value-such-as-shoe-size-n = must be a key, a colon and a value, such as shoe_size:{ $a }
server-only-takes-in-answer-through-another-one = only takes in; answer through another one
server-this-inbox-is-switched-off-switch-it-on-or-send-it-to-another = This inbox is switched off. Switch it on, or send it to another.
transfer-title = Hand over
transfer-about = The ticket goes to them together with your note. The shopper sees nothing of it.
transfer-to = To
transfer-team = Team { $name }
transfer-note = What they need to know
transfer-do = Hand over
act-transfer = Hand over with a note
said-transfer = #{ $number } was handed over
server-name-a-colleague-or-a-team = name a colleague or a team
server-must-say-what-they-need-to-know = must say what they need to know
medusa-address = Address of the Medusa server, with https://
medusa-key = Secret API key, begins with sk_
medusa-webhook-secret = Webhook secret, as in SHOPBELL_SECRET of the shop
vendure-address = Address of the Vendure server, with https://
vendure-key = API key
vendure-webhook-secret = Webhook secret, as in SHOPBELL_SECRET of the shop
vendure-channel = Token of the channel, where it is not the default one
shopify-shop = Store's address, such as fjellvik.myshopify.com
shopify-client-id = Client ID of the app
shopify-client-secret = Client secret of the app
shopify-access-token = Access token (only for apps that show one)
woocommerce-address = Shop's address, such as https://fjellvik.example
woocommerce-key = Consumer key
woocommerce-secret = Consumer secret
order-awaiting_payment = Awaiting payment
order-on_hold = On hold
order-partly_shipped = Partly shipped
order-in-ticket = In this ticket
order-newest = Newest order
orders-other = Other orders
orders-none = No orders are known.
order-choose = Which order this is about
order-pick = Pick another order
order-pick-about = One of this person’s orders, or any other by its number.
order-number = Order number
order-searching = Looking for it
order-not-found = No order has this number.
order-is-this = This ticket is about it
order-off = Take it off this ticket
order-title = Order { $order }
order-note = Note on the order:
order-stale = { $why } What you see is { $age } old; nothing can be done there now.
order-deleted = { $store } has this order no more.
order-age = read { $age } ago
order-admin = Open in the shop
risk-medium = The shop sees some risk of fraud.
risk-high = The shop sees a high risk of fraud.
line-pieces = { $n } × { $price }
line-refunded = { $n } given back
line-final = not to be returned
lines-all = All { $n } lines
parcel-delivered = delivered { $at }
parcel-expected = due { $at }
parcel-shipped = left { $at }
parcel-packed = being packed
parcel-track = Track
parcel-step = Step { $n } of { $all }, { $state }
payment-pending = Not paid
payment-authorized = Payment promised
payment-partially_paid = Partly paid
payment-paid = Paid
payment-partially_refunded = Partly refunded
payment-refunded = Refunded
payment-voided = Payment let go
sum-lines = Goods
sum-discount = Discount
sum-discount-code = Discount { $code }
sum-shipping = Shipping
sum-shipping-by = Shipping, { $method }
sum-tax = Tax
sum-total = Total
sum-paid = Paid
sum-refunded = Given back
pay-by = by { $method }
pay-promised = promised by { $method }
refund-at = Refund { $at }
address-shipping = Sent to
address-billing = Billed to
address-line1 = Street and number
address-line2 = Second line
address-country-hint = Two letters, such as NO
address-phone = Phone
facts-value = Lifetime value
facts-refunded = Given back
facts-since-order = Customer since { $at }
peek-order = { $order } · { $status } · { $total }
peek-value = { $n } orders, { $value }
percent = { $n } %
act-refund = Refund
act-cancel = Cancel
act-change_address = Edit address
act-tag = Change tags
act-resend_confirmation = Send confirmation again
act-replacement = Send part
act-discount = Discount
act-store_credit = Store credit
act-hold = Hold
act-release = Release
act-return = Return
act-exchange = Exchange
acts-more = More with this order
acts-why = { $what }: { $why }.
acts-none = Nothing can be done at { $store } from here: { $why }.
hindrance-unable = the shop’s system has no such action
hindrance-disconnected = the store is not connected
hindrance-stale = the store does not answer now
hindrance-deleted = the store has the order no more
hindrance-cancelled = the order is cancelled
hindrance-not_cancelled = the order is not cancelled
hindrance-not_paid = nothing was paid
hindrance-refunded = all that was paid has been given back
hindrance-shipped = parcels are on their way
hindrance-not_shipped = nothing has been sent yet
hindrance-in_progress = the warehouse has it in hand
hindrance-on_hold = it is on hold already
hindrance-not_on_hold = it is not on hold
hindrance-no_buyer = the order has no account behind it
hindrance-no_address = the order has no address
hindrance-no_lines = the order has no lines
deed-refund = Refund
deed-refund-of = Refund of { $amount }
deed-cancel = Cancellation
deed-cancel-of = Cancellation with { $amount } back
deed-change_address = New address
deed-note = Order note
deed-tag = Tags of the order
deed-resend_confirmation = Confirmation sent again
deed-replacement = Replacement order
deed-discount = Discount code
deed-discount-of = Discount code of { $off }
deed-store_credit = Store credit
deed-store_credit-of = Store credit of { $amount }
deed-hold = Hold
deed-release = Release
deed-return = Return
deed-exchange = Exchange
deed-state-awaiting_approval = waits for a lead
deed-state-queued = about to leave
deed-state-running = being done
deed-state-done = done
deed-state-refused = not done
deed-state-declined = declined
deed-state-withdrawn = taken back
deed-state-unsure = nobody knows whether it was done
deed-leaves = leaves in { $n } s
deed-above = It is above the limits: { $why }.
deed-noted = { $name }: “{ $note }”
deed-by-agent = A colleague
deed-by-customer = The shopper
deed-by-rule = A rule
deed-by-system = The assistant
deeds-all = All { $n } actions
above-once = more than { $limit } at once
above-day = more than { $limit } a day, { $used } of it used
above-each = each of these needs approval
above-currency = nothing is allowed in { $currency }
take-back = Take it back
decide-approve = Approve
decide-decline = Decline
decide-note = Note for whoever asked, if you like
decide-with-note = With a note
decide-own = You asked for it, so somebody else decides.
was-done = It was done
was-not-done = It was not done
said-taken-back = Taken back. Nothing has left.
said-approved = Approved. It leaves now.
said-declined = Declined
said-was-done = Noted: it was done
said-was-not-done = Noted: it was not done
said-asked = A lead is asked: { $what }
said-goes-back = { $amount } goes back to { $method }
said-begun = Under way: { $what }
event-order-picked = { $by ->
    [agent] { $who } said this is about order { $order }
   *[other] This is about order { $order }
 }
event-order-number = This is about order { $order }, named in a message
event-order-link = This is about order { $order }, from whose page it came
event-order-off = { $by ->
    [agent] { $who } took the order off this ticket
   *[other] The order was taken off this ticket
 }
event-action-started = { $by ->
    [agent] { $who } started: { $what }
   *[other] Started: { $what }
 }
event-action-asked = { $by ->
    [agent] { $who } asks for approval: { $what }
   *[other] Waits for approval: { $what }
 }
event-action-approved = { $by ->
    [agent] { $who } approved it{ $note }
   *[other] Approved{ $note }
 }
event-action-declined = { $by ->
    [agent] { $who } declined it{ $note }
   *[other] Declined{ $note }
 }
event-action-withdrawn = { $by ->
    [agent] { $who } took it back
   *[other] Taken back
 }
event-action-done = Done at the shop: { $what }
event-action-refused = Not done: { $what }. { $why }
event-action-unsure = Nobody knows whether it was done: { $what }
act-title-refund = Refund from { $order }
act-title-cancel = Cancel { $order }
act-title-change_address = Send { $order } to another address
act-title-note = Note on { $order }
act-title-tag = Tags of { $order }
act-title-resend_confirmation = Send the confirmation of { $order } again
act-title-replacement = Send goods of { $order } again
act-title-discount = Discount code for the buyer of { $order }
act-title-store_credit = Store credit for the buyer of { $order }
act-title-hold = Hold { $order }
act-title-release = Release { $order }
act-title-return = Return from { $order }
act-title-exchange = Exchange from { $order }
act-effects = What will happen
act-asking = { $store } is asked what it will do
act-above = This is above your limits: { $why }. It goes to a lead, who approves or declines it.
act-within = Within your limits. Can be taken back for { $n } seconds.
act-missing-refund = Choose what to give back.
act-missing-cancel = Choose how to cancel.
act-missing-change_address = A street, a city and a country of two letters are needed.
act-missing-note = Write the note.
act-missing-tag = Name a tag to add or choose one to take away.
act-missing-resend_confirmation = Nothing is missing.
act-missing-replacement = Choose what to send again.
act-missing-discount = Say how much, 1 to 100 percent or an amount.
act-missing-store_credit = Say how much.
act-missing-hold = Nothing is missing.
act-missing-release = Nothing is missing.
act-missing-return = Choose what comes back.
act-missing-exchange = Choose what comes back, and name what goes out.
do-refund = Refund
do-refund-amount = Refund { $amount }
do-cancel = Cancel the order
do-cancel-amount = Cancel and refund { $amount }
do-change_address = Change the address
do-change_address-amount = Change the address, { $amount }
do-note = Add the note
do-note-amount = Add the note, { $amount }
do-tag = Change the tags
do-tag-amount = Change the tags, { $amount }
do-resend_confirmation = Send it again
do-resend_confirmation-amount = Send it again, { $amount }
do-replacement = Send it again, free of charge
do-replacement-amount = Send goods of { $amount }
do-discount = Make the code
do-discount-amount = Make a code of { $amount }
do-store_credit = Give store credit
do-store_credit-amount = Give { $amount } store credit
do-hold = Hold the order
do-hold-amount = Hold the order, { $amount }
do-release = Release the order
do-release-amount = Release the order, { $amount }
do-return = Open the return
do-return-amount = Open the return, { $amount }
do-exchange = Start the exchange
do-exchange-amount = Exchange with { $amount }
do-ask = Ask a lead: { $what }
look-again = Look again
refund-what = What is given back
refund-way-lines = Items
refund-way-amount = An amount
refund-way-all = All that is left
refund-shipping = Of the shipping
refund-shipping-hint = It cost { $amount }
refund-most = At most { $amount } can still go back
refund-all-about = All that was paid and not given back yet: { $amount }.
refund-to = Where it goes
refund-to-original = Back to where it was paid from
refund-to-store_credit = Store credit for the next order
paid-store-credit = store credit
field-amount = Amount
amount-odd = Write an amount in { $currency } with at most { $n } digits behind the point.
amount-most = At most { $most } can go out.
field-restock = Goods go back on the shelf
field-refund = What was paid goes back
field-notify = The shop writes to the shopper about it
field-reason = Reason
field-reason-hint = For the shop’s books
field-note = Note
field-note-hint = A line is added; what stands there stays
field-tags-add = Tags to add
field-tags-hint = With commas between them
field-tags-remove = Take away
discount-what = What the code is worth
discount-percent = Percent
discount-amount = An amount
discount-percent-field = Percent off the next order
discount-days = Days that it holds
discount-days-hint = Empty: as long as the shop lets it
lines-replacement = What is sent again
lines-return = What comes back
lines-exchange = What comes back
exchange-about = What goes out instead, by its numbers at { $store }.
exchange-product = Product number
exchange-variant = Variant number
exchange-quantity = Pieces
pieces-left = { $n } of { $all } left
pieces-less = One piece less
pieces-more = One piece more
pieces-of = Pieces of { $title }, at most { $n }
fx-back = { $amount } goes back to { $method }
fx-back-somehow = { $amount } goes back to the shopper
fx-credit = { $amount } is put on the shopper’s account
fx-charge = The shopper is charged { $amount }
fx-restock = Goods go back on the shelf
fx-no-restock = Stock stays as it is
fx-notify = The shop writes to the shopper
fx-quiet = The shop writes nothing to the shopper
fx-cancel = The order is cancelled and nothing is sent
fx-discount = { $n ->
    [0] A code of { $off }, once, for this shopper
    [one] A code of { $off }, once, for this shopper, for 1 day
   *[other] A code of { $off }, once, for this shopper, for { $n } days
 }
fx-replacement = { $n ->
    [one] 1 piece is sent again, free of charge
   *[other] { $n } pieces are sent again, free of charge
 }
fx-return = { $n ->
    [one] 1 piece is expected back; no money moves yet
   *[other] { $n } pieces are expected back; no money moves yet
 }
fx-exchange = { $n ->
    [one] 1 piece comes back, others go out
   *[other] { $n } pieces come back, others go out
 }
fx-change_address = Parcels that have not left go to this address
fx-note = The note stands on the order in the shop
fx-tag = The tags stand on the order in the shop
fx-resend_confirmation = The shop sends its confirmation to the order’s address again
fx-hold = Nobody packs it until it is released
fx-release = The warehouse may pack it
key-refund = Refund
key-sendBack = Return
key-discount = Discount code
key-sendAgain = Send goods again
about-refund = Shows what can go back of the order in #{ $number }, and asks before anything leaves.
about-sendBack = Opens a return for the order in #{ $number }. No money moves.
about-discount = Makes a discount code for the shopper of #{ $number }, once you confirm it.
about-sendAgain = Sends goods of the order in #{ $number } again, free of charge, once you confirm it.
server-this-does-not-wait-for-approval-any-more-look-again = This does not wait for approval any more. Look again.
server-nobody-approves-what-they-asked-for-themselves-ask-another-lead = Nobody approves what they asked for themselves. Ask another lead.
server-the-end-of-this-is-known-look-again = The end of this is known. Look again.
server-this-order-is-being-cancelled-already = This order is being cancelled already.
server-another-refund-of-this-order-is-under-way-and-together-they-woul = Another refund of this order is under way, and together they would be more than was paid. Wait for it, then look again.
server-somebody-has-just-done-something-to-this-order-look-again-before = Somebody has just done something to this order. Look again before you go on.
server-this-has-left-already-and-cannot-be-taken-back = This has left already and cannot be taken back.
server-this-was-not-done-so-there-is-nothing-to-take-back = This was not done, so there is nothing to take back.
server-this-store-is-switched-off-switch-it-on-first = This store is switched off. Switch it on first.
server-this-store-cannot-be-read-it-tells-by-itself-what-it-has = This store cannot be read: it tells by itself what it has.
server-this-store-is-being-read-already-wait-until-that-is-done = This store is being read already. Wait until that is done.
server-must-name-at-least-one-piece = must name at least one piece
server-must-be-at-least-n = must be at least 1
server-must-be-given-or-an-amount-and-not-both = must be given, or an amount, and not both
server-must-have-a-street-a-city-and-a-country-such-as-no = must have a street, a city and a country such as NO
server-must-be-tags-of-n-to-n-characters-without-commas = must be tags of 1 to 40 characters without commas
server-is-no-line-of-this-order = is no line of this order
server-stands-here-twice-add-the-pieces-up = stands here twice; add the pieces up
server-is-no-order-of-this-ticket-s-shop = is no order of this ticket's shop
server-is-a-ticket-of-another-shop = is a ticket of another shop
server-is-no-platform = is no platform
server-must-be-a-currency-of-iso-n-such-as-eur = must be a currency of ISO 4217, such as EUR
server-must-not-be-negative-n-says-that-all-of-it-needs-approval = must not be negative; 0 says that all of it needs approval
server-stands-here-twice-for-this-role-and-kind = stands here twice for this role and kind
server-it-was-not-done-as-somebody-found-who-looked = It was not done, as somebody found who looked.
server-the-order-is-not-there-any-more = The order is not there any more.
server-this-order-does-not-allow-it-its-store-has-no-such-action = This order does not allow it: its store has no such action.
server-this-order-does-not-allow-it-its-store-is-not-connected = This order does not allow it: its store is not connected.
server-this-order-does-not-allow-it-it-is-cancelled = This order does not allow it: it is cancelled.
server-this-order-does-not-allow-it-nothing-was-paid = This order does not allow it: nothing was paid.
server-this-order-does-not-allow-it-all-that-was-paid-has-been-given-ba = This order does not allow it: all that was paid has been given back.
server-this-order-does-not-allow-it-parcels-are-on-their-way = This order does not allow it: parcels are on their way.
server-this-order-does-not-allow-it-nothing-has-been-sent-yet = This order does not allow it: nothing has been sent yet.
server-this-order-does-not-allow-it-the-warehouse-has-it-in-hand = This order does not allow it: the warehouse has it in hand.
server-this-order-does-not-allow-it-it-is-on-hold-already = This order does not allow it: it is on hold already.
server-this-order-does-not-allow-it-it-is-not-on-hold = This order does not allow it: it is not on hold.
server-this-order-does-not-allow-it-it-has-no-account-behind-it = This order does not allow it: it has no account behind it.
server-this-order-does-not-allow-it-it-has-no-address = This order does not allow it: it has no address.
server-this-order-does-not-allow-it-it-has-no-lines = This order does not allow it: it has no lines.
server-must-be-n-to-n-so-many-pieces-of-this-line-are-left = must be { $a } to { $b }: so many pieces of this line are left
server-must-be-at-most-n-a-refund-of-the-rest-is-under-way = must be at most { $a }: a refund of the rest is under way
server-must-be-n-to-n = must be { $a } to { $b }
page-approvals = Waiting for approval
rail-approvals = Approvals
rail-waiting = { $n } waiting for approval
approvals-none = Nothing waits for a lead
approvals-none-text = What is above somebody’s limits comes here to be approved or declined.
approval-who = Asked by
approval-ticket = Ticket
approval-open = Open the ticket
approval-order = Order
approval-goods = Goods
approval-sums = total { $total }, paid { $paid }, given back { $refunded }
approval-unsure = The answer of { $store } got lost. Look there whether it was done, then say so here.
order-now = read just now
settings-stores = Stores
settings-limits = Limits
platform-generic = Another shop system, by our endpoint
setting-store-secret = Secret for signed calls
store-add = Connect
store-new = New store
stores-none = No store is connected
stores-none-text = Connect your shop, and its orders stand beside every ticket.
stores-pick = Pick a store
stores-pick-text = Its access, its health and what was read of it are shown here.
store-health-starting = Not asked yet
store-health-ok = Connected
store-health-failing = Failing
store-health-off = Switched off
store-what = Store
store-platform = Shop system
store-name = Name
store-active = Connected: news come in, actions go out
store-access = Access
store-about = Reached { $name } ({ $address }).
store-about-asked = Orders are read when a ticket opens, and what changed is looked for every few minutes.
store-about-pushes = This store tells by itself what it has; it cannot be asked.
store-about-no-actions = Nothing can be done to its orders from here.
store-calls = Where it sends its news
store-calls-about = The address is set up there by itself when the store is connected. Should that fail, enter it there.
store-calls-pushes = Send customers, products, orders and parcels to this address, signed with the secret above.
store-forged = { $n ->
    [one] 1 call with a wrong signature was turned away.
   *[other] { $n } calls with a wrong signature were turned away.
 }
store-disconnect = Disconnect the store
store-disconnect-title = Disconnect { $name }?
store-disconnect-about = Its orders stay beside their tickets. Nothing comes from there and nothing goes there any more.
store-disconnected = { $name } disconnected
store-read = What was read
store-up-to = Everything up to { $at } is here.
import-reading-products = Reading products …
import-reading-customers = Reading customers …
import-reading-orders = Reading orders …
import-running = Reading …
import-done = Read { $at }
import-failed = Stopped { $at }
import-counted = { $orders } orders, { $customers } customers, { $products } products
imports-none = Nothing has been read yet.
import-sweep = Read what changed
import-first = Read everything again
limits-about = What a role may give away by itself, at once and in one day of the shop. Above it a lead approves or declines. Where a role has no limit for something, it may do it freely; with limits, other currencies always need approval. 0 means that all of it needs approval. Owners have no limits.
limits-none = No limits are set
limits-none-text = Everybody who may act on orders may give away as much as they like.
limit-add = Add a limit
limit-drop = Remove this limit
limit-role = Who
limit-kind = What
limit-currency = Currency
limit-once = At once
limit-day = A day
limit-free = no limit
limit-twice = This role has a limit for this in this currency already.
limit-odd = Write amounts with the digits of their currency, such as 50 or 12.50.
limit-role-agent = Agents
limit-role-lead = Leads
limit-role-admin = Admins
limit-role-rule = Rules and macros
limit-role-bot = The assistant
limit-role-shopper = Shoppers by themselves
order-already = This ticket is about it already.
page-returns = Returns
rail-returns = Returns
returns-scan = Scan or type a return's number
returns-no-number = No return is called { $number }
returns-state = Where it stands
returns-all = All returns
returns-failed = The returns could not be loaded
returns-loading = Loading returns
returns-none = No returns here
returns-none-text = What shoppers ask for on the returns page is shown here.
returns-pick = No return chosen
returns-pick-text = Choose one, or scan the number on a parcel.
return-failed = The return could not be loaded
return-requested = to be decided
return-approved = agreed
return-declined = declined
return-label_sent = label sent
return-in_transit = on its way
return-received = received
return-inspected = looked at
return-resolved = settled
return-expired = expired
return-cancelled = called off
return-order = Order
return-who = Shopper
return-gets = Gets
return-outcome-refund = Refund
return-outcome-exchange = Exchange
return-outcome-store_credit = Store credit
return-money-none = not due yet
return-money-due = due
return-money-done = given
return-money-stuck = needs a look
return-way = Comes back by
return-method-label = printed label
return-method-qr = code on the phone
return-method-drop_off = dropped off here
return-method-own = a carrier of their choice
return-until = Hand in until
return-law = By law
return-withdrawal = Withdrew from the contract on { $at }
return-declined-why = Declined because
return-reason-too_small = Too small
return-reason-too_large = Too large
return-reason-not_as_expected = Not what they expected
return-reason-damaged = Arrived broken
return-reason-wrong_item = Wrong item
return-reason-changed_mind = Changed their mind
return-reason-other = Another reason
return-found = { $n } came, { $condition }
return-restocked = back on the shelf
return-because-rule = Rule “{ $rule }”: { $kind }
return-kind-verdict = whether it is taken back
return-kind-days = days
return-kind-keep = whether it is kept
return-kind-fee = fee
return-kind-bonus = bonus
return-kind-destination = where it goes
return-kind-methods = ways back
return-kind-release = when the money goes back
return-why-rule = by a rule
return-why-final_sale = It was sold as final
return-why-digital = It is digital
return-why-not_offered = This is not offered where it was sent to
return-why-window_over = The time for it is over
return-why-not_shipped = It has not been sent yet
return-why-delivery_unknown = Nobody said when it was delivered
return-why-other_currency = The order is in another currency than the policy
return-why-right = The right to withdraw stands above the rules
return-why-perhaps_right = There may be a right to withdraw: have a look
return-stuck = What is owed could not be given: { $why }
return-approve = Agree
return-refuse = Decline
return-refuse-why = Why? The shopper reads it.
return-handed-in = It was handed in
return-inspect = Looked at, all is well
return-pay-again = Try again
return-resolve = Settled by other means
return-cancel = Call off
return-ticket = Open ticket
return-receipt = What lies in the parcel?
return-came = Came
return-of = { $n } of { $all }
return-condition = Condition
return-condition-new = as new
return-condition-opened = opened
return-condition-used = used
return-condition-damaged = broken
return-condition-wrong = something else
return-condition-missing = missing
return-restock = Back on the shelf
return-note = Note
return-photos = Pictures
return-receive = Received
event-return-requested = Return { $number } asked for
event-return-withdrawal = Withdrawn from the contract, return { $number }
event-return-approved = Return { $number } agreed
event-return-declined = Return { $number } declined
event-return-label-sent = Label of return { $number } sent
event-return-in-transit = Return { $number } is on its way
event-return-received = Return { $number } has arrived
event-return-inspected = Return { $number } was looked at
event-return-resolved = Return { $number } is settled
event-return-expired = Return { $number } expired
event-return-cancelled = Return { $number } called off
event-return-reminded = Reminded to hand in return { $number }
event-return-due = { $amount } are due for return { $number }
palette-order = Order: { $what }
about-order = Opens “{ $what }” for the order beside this ticket, and asks before anything leaves.
shop-zone = Time zone
shop-zone-hint = Where your days begin and nights are quiet, such as Europe/Oslo
server-this-store-is-let-in-by-what-stands-in-its-settings-nothing-is-i = This store is let in by what stands in its settings. Nothing is installed.
server-this-link-is-too-old-or-the-store-was-changed-meanwhile-start-ag = This link is too old, or the store was changed meanwhile. Start again from its settings.
store-install = Go to the platform and let us in

# Messages about orders
settings-updates = Messages about orders
updates-who = Who writes to shoppers about their orders
updates-platform = Our shop system does
updates-platform-hint = Shopbell sends no confirmation, shipping, delivery or refund message. Thanks and care may still be sent.
updates-us = Shopbell does
updates-us-hint = Switch the same messages off in your shop system, or shoppers hear everything twice.
updates-kinds = Messages
updates-silent = Your shop system sends this.
update-confirmed = Order confirmed
update-confirmed-when = When an order comes in.
update-shipped = Shipped
update-shipped-when = When a parcel was handed over or its label was made, once for each parcel.
update-out_for_delivery = Out for delivery
update-out_for_delivery-when = When the carrier says that it arrives today.
update-delivered = Delivered
update-delivered-when = When the carrier or the shop says that it arrived.
update-refunded = Refunded
update-refunded-when = When money was given back, once for each time.
update-thanks = Thanks
update-thanks-when = Some days after the order arrived, to those who agreed to marketing. Not while something is wrong.
update-care = Care
update-care-when = Some weeks after the order arrived, to those who agreed to marketing. Not while something is wrong.
update-delayed = Late or stuck
update-delayed-when = When a parcel does not move or its day is over. It has rules of its own.
update-days = Days after
update-words = Words
update-ours = Words of Shopbell
update-own = Own words: { $languages }
updates-peace = Peace and quiet
updates-quiet = Nothing leaves at night
updates-quiet-hint = It waits until the hours are over, by the clocks of { $zone }.
updates-from = From
updates-until = Until
updates-most = Messages to one person a day, at most
updates-most-hint = Beyond it only what people wait for is sent: confirmation, shipping, refund.
updates-consent = Nobody is written to who is blocked, or who took back the consent “order_messages”.
update-language = Language
update-has-own = { $language } · own words
update-language-ours = No own words yet: those of Shopbell are sent.
update-language-english = No words in this language yet: those of Shopbell are sent, in English.
update-order = Try it with an order
update-order-hint = Its number. Without one, an order is made up.
update-subject = Subject
update-text = Text
update-begin = Write our own
update-drop = Drop our own words
update-keep = Keep
update-missing = Not known of this order: { $names }. Then the words that come with Shopbell are sent.
variable-customer-name = Whole name
variable-order-number = Order number
variable-order-total = Order total
variable-order-placed_at = Ordered on
variable-order-carrier = Carrier
variable-order-tracking_number = Parcel number
variable-order-tracking_url = Link to the carrier
variable-order-page_url = Link to the order’s page
variable-order-eta = Expected on
variable-order-refunded = Given back
server-is-no-order-that-is-known-here = is no order that is known here

# What the shop takes back
settings-returns = Returns
policy-version = Version { $n }, { $at }
policy-none = Nothing can be sent back yet: nobody has said what the shop takes back. This is what you could begin with.
policy-publish = Publish this policy
policy-wrong = { $n ->
    [one] One field needs another look
   *[other] { $n } fields need another look
  }
policy-looks = How the policy looks
policy-windows = By when
policy-windows-hint = Whole days, in which something can be asked for. A line that names the country stands before one for all others; what no line names is not offered.
policy-days = Days
policy-days-since = days from
policy-since = Counted from
policy-since-delivery = delivery
policy-since-shipment = shipment
policy-since-order = the order
policy-countries = Countries in two letters, such as NO, SE
policy-everywhere = all countries
policy-window-add = One more line
policy-window-drop = Take this line away
policy-for = What it is for
policy-for-all = none ticked: all three
policy-right = The right to withdraw stands above all rules
policy-right-text = Consumers in the European Union, Iceland, Liechtenstein and Norway may withdraw within { $n } days of the delivery. For their refund no rule below can refuse it, shorten it, take a fee for handling or keep the money until the goods were looked at. The way back may be charged.
policy-right-days = Days to withdraw
policy-right-days-hint = At least 14. Public holidays are not known here: 16 is on the safe side.
policy-right-tags = Goods and customers it is not for
policy-right-tags-hint = The law's own exceptions, by tags of your shop system, with commas between.
policy-right-business_tags = Customers who buy for a business
policy-right-made_to_order = Products made to order
policy-right-perishable = Products that spoil
policy-right-sealed = Sealed for hygiene: a person decides
policy-right-digital_begun = Digital, begun at once
policy-rules = Rules
policy-rules-hint = All that “if” says must be so; of a list, any entry will do. Of each kind of action the first rule that fits decides, so the order matters only between rules that do the same kind of thing.
policy-rules-none = No rules: everything is taken back within the days above.
policy-rule-add = Add a rule
policy-rule-n = Rule { $n }
policy-rule-name = What the rule is called, here only
policy-rule-drop = Take away { $name }
policy-up = { $name } further up
policy-down = { $name } further down
policy-if = If
policy-always = always
policy-ask-add = Add a condition…
policy-ask-drop = Take away { $what }
policy-ask-outcomes = They want
policy-ask-reasons = The reason is
policy-ask-countries = Sent to
policy-ask-countries-hint = NO, SE
policy-ask-customer_tags = Customer's tags
policy-ask-order_tags = Order's tags
policy-ask-discount_codes = Discount codes
policy-ask-product_tags = Product's tags
policy-ask-product_tags-hint = sale, outlet
policy-ask-skus = Item numbers
policy-ask-skus-hint = SOCK-*, 1001-M
policy-ask-quantity = Pieces
policy-ask-price = Price of a piece
policy-ask-order_value = Order's value
policy-ask-order_age = Days since the order
policy-ask-customer_value = What they bought so far
policy-ask-returns = Their returns in a year
policy-ask-discounted = Bought at less
policy-ask-final_sale = Final sale
policy-ask-digital = Digital
policy-least = from
policy-most = to
policy-yes = yes
policy-no = no
policy-then = Then
policy-deed-add = Add an action…
policy-deed-verdict = Taken back
policy-deed-days = Days
policy-deed-keep = The goods
policy-deed-fee = Fee
policy-deed-bonus = Bonus on store credit
policy-deed-destination = Goes to
policy-deed-methods = Ways back
policy-deed-release = Money goes back
policy-verdict-approve = yes, at once
policy-verdict-review = a person decides
policy-verdict-reject = no
policy-keep-yes = they keep them
policy-keep-no = come back
policy-fee-shipping = for the way back
policy-fee-handling = for handling
policy-plus = plus
policy-release-drop_off = once the carrier has it
policy-release-receipt = once it is here
policy-release-inspection = once it was looked at
policy-words = Why not, in the shopper's words…
policy-words-hint = Shoppers read it.
policy-tongue-add = { $what }: one more language
policy-tongue-more = One more language…
policy-tongue-drop = Take away { $language }
policy-reasons = Reasons
policy-reasons-hint = Why people send things back, in the order in which they are asked.
policy-photos = asks for pictures
policy-reason-add = Add a reason…
policy-reason-own = One of your own
policy-reason-words = In words…
policy-back = The way back
policy-methods = Ways back where no rule says others, the first is proposed
policy-release = The money goes back
policy-within = Days to hand it in
policy-within-hint = Then an agreed return expires, after a reminder. A withdrawal never does.
policy-place = Place
policy-lines = Address as on a label, line by line
policy-place-add = One more place
policy-place-drop = Take this place away
policy-place-none = Without an address a label carries nothing but the name of the shop.
policy-currency = Currency of all amounts
policy-currency-hint = For orders in another one a person decides.
policy-zone = Time zone
policy-zone-hint = In which days begin and end, such as Europe/Oslo.
policy-reads = What shoppers will read
policy-unread = { $n ->
    [one] Not finished: { $why }
   *[other] { $n } things are not finished: { $why }
  }
policy-public = The page as it is now
policy-trial = Try it on an order
policy-trial-order = Order
policy-trial-newest = the newest
policy-trial-reason = Reason
policy-trial-none = There is no order yet to try it on.
policy-trial-wait = Goes on once everything is filled in.
policy-trial-undelivered = not delivered, as far as we know
policy-trial-gone = Nothing of it is left to come back.
policy-trial-until = until { $at }
policy-trial-keep = they keep it
policy-trial-fee = fee { $share }
policy-trial-bonus = bonus { $share }
policy-says-approve = yes
policy-says-review = a person decides
policy-says-reject = no
policy-law-yes = They have the right to withdraw
policy-law-no = No right to withdraw
policy-law-unsure = There may be a right to withdraw
policy-exception-elsewhere = not sent to the EU, Iceland, Liechtenstein or Norway
policy-exception-business = bought for a business
policy-exception-made_to_order = made to order
policy-exception-perishable = it spoils
policy-exception-sealed = sealed for hygiene: look at the seal
policy-exception-digital = it is digital
policy-exception-digital_begun = digital and begun at once
policy-exception-over = the days are over
policy-exception-long_ago = nobody said when it was delivered

# Parcels that are stuck
page-parcels = Parcels in trouble
rail-parcels = Parcels
settings-parcels = Parcels in trouble
parcels-reason = What is wrong
parcels-all = All that is wrong
parcels-failed = The parcels could not be loaded
parcels-loading = Loading parcels
parcels-none = No parcel is stuck
parcels-none-text = As soon as one does not move, is late or has a problem, it stands here, before anybody asks.
parcels-pick = No parcel chosen
parcels-pick-text = Choose one to see where it is and what the shopper knows.
parcel-failed = The parcel could not be loaded
parcel-nobody = nobody known
parcel-trouble-not_handed_over = not handed over
parcel-trouble-no_news = no news
parcel-trouble-late = late
parcel-trouble-exception = problem
parcel-wrong-not_handed_over = A label was made, and the carrier does not have the parcel.
parcel-wrong-no_news = It is on its way, and nothing is heard of it.
parcel-wrong-late = The day that was named first is over.
parcel-wrong-exception = The carrier says that something is wrong.
parcel-since = Since { $at }.
parcel-right = Nothing is wrong with it now.
parcel-ticket = Open the ticket
parcel-write = Write to the shopper
parcel-done = Taken care of
parcel-said-done = Off the list, until something is wrong anew
parcel-follow = Follow it at { $carrier }
parcel-about = Your order { $order }
parcel-carrier = Carrier
parcel-carrier-unknown = unknown
parcel-left = Left
parcel-promised = Promised for
parcel-now-expected = Now expected
parcel-told = What the shopper was told
parcel-told-trouble = That it is { $reason }
parcel-told-queued = about to leave
parcel-told-sending = about to leave
parcel-told-refused = refused by their mail server
parcel-told-unsure = not known whether it left
parcel-told-nothing = Nothing yet.
parcel-history = What the carrier says
parcel-history-none = Nothing was heard yet.
parcel-status-pending = nothing known yet
parcel-status-info_received = announced to the carrier
parcel-status-in_transit = on its way
parcel-status-out_for_delivery = out for delivery
parcel-status-attempted = delivery tried
parcel-status-delivered = delivered
parcel-status-available_for_pickup = ready to be picked up
parcel-status-exception = there is a problem
parcel-status-expired = nothing heard for long
parcel-sub-label_made = label made
parcel-sub-handed_over = handed to the carrier
parcel-sub-arrived = arrived at a depot
parcel-sub-departed = left a depot
parcel-sub-at_customs = at customs
parcel-sub-through_customs = through customs
parcel-sub-nobody_home = nobody at home
parcel-sub-no_access = no way in
parcel-sub-to_recipient = handed to the recipient
parcel-sub-to_neighbour = handed to a neighbour
parcel-sub-left_safely = left in a safe place
parcel-sub-in_mailbox = in the mailbox
parcel-sub-collected = picked up
parcel-sub-at_shop = waits in a shop
parcel-sub-in_locker = waits in a locker
parcel-sub-delayed = delayed
parcel-sub-address_wrong = address not right
parcel-sub-held_by_customs = held by customs
parcel-sub-damaged = damaged
parcel-sub-lost = lost
parcel-sub-refused = refused
parcel-sub-not_collected = not picked up in time
parcel-sub-going_back = on its way back
parcel-sub-back_at_sender = back with us
parcel-sub-cancelled = called back
parcels-when = When a parcel counts as stuck
parcels-business-days = Business days
parcels-pickup_days = Not handed over
parcels-pickup_days-hint = A label was made, and the carrier does not have the parcel.
parcels-home_days = No news at home
parcels-home_days-hint = Nothing was heard of a parcel within the shop's country.
parcels-abroad_days = No news abroad
parcels-abroad_days-hint = The same for parcels that go abroad, or nobody knows where.
parcels-late = Past the day that was named
parcels-late-hint = The day that was named first is over.
parcels-exceptions = The carrier reports a problem
parcels-exceptions-hint = A wrong address, damage, customs and the like.
parcels-zone-hint = By whose clocks days are counted. Business days are Monday to Friday.
parcels-trial = What these rules would have found
parcels-trial-days = In the past
parcels-days = { $n } days
parcels-found = { $n ->
    [0] Nothing in the last { $days } days, of { $parcels } parcels
    [one] 1 find in the last { $days } days, of { $parcels } parcels
   *[other] { $n } finds in the last { $days } days, of { $parcels } parcels
  }
parcels-found-at = Found
parcels-ended-at = Went on
parcels-not-ended = not yet
parcels-tell = Telling shoppers
parcels-tell-shoppers = Write to the shopper when their parcel is stuck
parcels-tell-hint = Once for each parcel and reason, in a ticket that knows the order. Nobody is written to who is blocked, took back the consent “order_messages” or is in a conversation about the order already. Look at what would be found before you switch it on.
parcels-parcel = Parcel
