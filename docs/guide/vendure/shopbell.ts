// Tells Shopbell what changes in a Vendure shop (3.6 or newer). Add `Shopbell` to the plugins of your VendureConfig and
// set SHOPBELL_SECRET to the webhook secret of the store in Shopbell. Where to send is written by Shopbell into the
// settings store under `shopbell.addresses`.
//
// A call's body is {"id", "event", "at", "data"}; its header `x-shopbell-signature: t=SECONDS,v1=HEX` is the HMAC-SHA256
// of `SECONDS.BODY` under the secret. Orders and products are only named: Shopbell reads them itself.
import { createHmac, randomUUID } from "node:crypto"
import { OnApplicationBootstrap } from "@nestjs/common"
import {
  ConfigService,
  CustomerEvent,
  EventBus,
  Fulfillment,
  FulfillmentStateTransitionEvent,
  HistoryEntryEvent,
  ID,
  JobQueue,
  JobQueueService,
  Order,
  OrderEvent,
  OrderStateTransitionEvent,
  PaymentStateTransitionEvent,
  Permission,
  PluginCommonModule,
  ProductEvent,
  ProductVariantEvent,
  RefundEvent,
  RefundStateTransitionEvent,
  RequestContext,
  SettingsStoreScopes,
  SettingsStoreService,
  TransactionalConnection,
  VendurePlugin,
} from "@vendure/core"

type Call = { address: string; body: string }

const RETRIES = 10

@VendurePlugin({
  imports: [PluginCommonModule],
  compatibility: "^3.6.0",
  configuration: (config) => {
    config.settingsStoreFields = {
      ...config.settingsStoreFields,
      shopbell: [
        { name: "addresses", scope: SettingsStoreScopes.global, requiresPermission: [Permission.UpdateSettings] },
      ],
    }
    return config
  },
})
export class Shopbell implements OnApplicationBootstrap {
  private queue!: JobQueue<Call>

  constructor(
    private events: EventBus,
    private jobs: JobQueueService,
    private settings: SettingsStoreService,
    private connection: TransactionalConnection,
    private config: ConfigService,
  ) {}

  async onApplicationBootstrap() {
    // The queue keeps what could not be sent, as long as the shop's job queue strategy keeps it.
    this.queue = await this.jobs.createQueue<Call>({ name: "shopbell", process: (job) => send(job.data) })

    const order = (event: { ctx: RequestContext; order: Order }) =>
      event.order.orderPlacedAt ? this.tell(event.ctx, "order.changed", { id: event.order.id }) : undefined
    this.events.ofType(OrderStateTransitionEvent).subscribe(order)
    this.events.ofType(OrderEvent).subscribe(order)
    this.events.ofType(PaymentStateTransitionEvent).subscribe(order)
    this.events.ofType(RefundEvent).subscribe(order)
    this.events.ofType(RefundStateTransitionEvent).subscribe(order)
    this.events.ofType(FulfillmentStateTransitionEvent).subscribe(async (event) => {
      const fulfilment = await this.connection
        .getRepository(event.ctx, Fulfillment)
        .findOne({ where: { id: event.fulfillment.id }, relations: ["orders"] })
      for (const order of fulfilment?.orders ?? []) this.tell(event.ctx, "order.changed", { id: order.id })
    })
    this.events.ofType(HistoryEntryEvent).subscribe((event) => {
      if (event.historyType === "order" && String(event.entity.type) === "ORDER_NOTE") {
        const { order } = event.entity as any
        if (order) this.tell(event.ctx, "order.changed", { id: order.id })
      }
    })
    this.events.ofType(CustomerEvent).subscribe((event) => {
      const { id, firstName, lastName, emailAddress, phoneNumber, updatedAt, user } = event.entity
      const account = user ? { id: user.id } : null
      const whole = { id, firstName, lastName, emailAddress, phoneNumber, updatedAt, user: account }
      if (event.type === "deleted") this.tell(event.ctx, "customer.deleted", { id })
      else this.tell(event.ctx, "customer.changed", whole)
    })
    this.events.ofType(ProductEvent).subscribe((event) => {
      const name = event.type === "deleted" ? "product.deleted" : "product.changed"
      this.tell(event.ctx, name, { id: event.entity.id })
    })
    this.events.ofType(ProductVariantEvent).subscribe((event) => {
      const products = new Set(event.entity.map((variant) => variant.productId).filter((id) => id != null))
      for (const id of products) this.tell(event.ctx, "product.changed", { id })
    })
  }

  private async tell(ctx: RequestContext, event: string, { id, ...more }: { id: ID; [key: string]: unknown }) {
    if (!process.env.SHOPBELL_SECRET) return
    const addresses = (await this.settings.get<string[]>("shopbell.addresses", ctx)) ?? []
    // As the Admin API writes it.
    const known = this.config.entityOptions.entityIdStrategy?.encodeId(id as never) ?? id
    const data = { id: String(known), ...more }
    const body = JSON.stringify({ id: randomUUID(), event, at: Date.now(), data })
    for (const address of addresses) await this.queue.add({ address, body }, { retries: RETRIES })
  }
}

async function send({ address, body }: Call) {
  const seconds = Math.floor(Date.now() / 1000)
  const tag = createHmac("sha256", process.env.SHOPBELL_SECRET ?? "").update(`${seconds}.${body}`).digest("hex")
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", "x-shopbell-signature": `t=${seconds},v1=${tag}` },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
  })
  if (!answer.ok) throw new Error(`Shopbell answered ${answer.status}`)
}
