// Tells Shopbell what changes in a Medusa v2 shop. Put this file into src/subscribers/ and set SHOPBELL_SECRET to the
// webhook secret of the store in Shopbell. Where to send is written by Shopbell into the store's metadata.
//
// A call's body is {"id", "event", "at", "data"}; its header `x-shopbell-signature: t=SECONDS,v1=HEX` is the HMAC-SHA256
// of `SECONDS.BODY` under the secret. Orders and products are only named: Shopbell reads them itself.
import { createHmac, randomUUID } from "node:crypto"
import type { SubscriberArgs, SubscriberConfig } from "@medusajs/framework"

const TRIES = 6

export const config: SubscriberConfig = {
  event: [
    "order.placed",
    "order.updated",
    "order.canceled",
    "order.completed",
    "order.archived",
    "order.fulfillment_created",
    "order.fulfillment_canceled",
    "order.return_requested",
    "order.return_received",
    "order.claim_created",
    "order.exchange_created",
    "order-edit.confirmed",
    "shipment.created",
    "delivery.created",
    "payment.captured",
    "payment.refunded",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "product.created",
    "product.updated",
    "product.deleted",
    "product-variant.created",
    "product-variant.updated",
  ],
}

export default async function tellShopbell({ event, container }: SubscriberArgs<any>) {
  const secret = process.env.SHOPBELL_SECRET
  if (!secret) return
  const query = container.resolve("query")
  const first = async (entity: string, fields: string[], filters: object = {}) =>
    (await query.graph({ entity: entity as any, fields, filters: filters as any })).data[0] as any

  const addresses: string[] = (await first("store", ["metadata"]))?.metadata?.shopbell ?? []
  if (addresses.length === 0) return
  const data = await what(event.name, event.data, first)
  if (!data) return
  const body = JSON.stringify({ id: randomUUID(), event: event.name, at: Date.now(), data })
  await Promise.all(addresses.map((address) => send(address, secret, body, container.resolve("logger"))))
}

async function what(name: string, data: any, first: (entity: string, fields: string[], filters?: object) => Promise<any>) {
  const [kind, done] = name.split(".")
  if (kind === "customer") {
    return done === "deleted" ? { id: data.id } : first("customer", ["*", "groups.name"], { id: data.id })
  }
  if (kind === "product") return { id: data.id }
  if (kind === "product-variant") {
    const variant = await first("product_variant", ["product_id"], { id: data.id })
    return variant && { id: variant.product_id }
  }
  if (kind === "payment") {
    const payment = await first("payment", ["payment_collection.order.id"], { id: data.id })
    return payment?.payment_collection?.order && { id: payment.payment_collection.order.id }
  }
  if (kind === "shipment" || kind === "delivery") {
    const parcel = await first("fulfillment", ["order.id"], { id: data.id })
    return parcel?.order && { id: parcel.order.id }
  }
  const id = data.order_id ?? data.id
  return id && { id }
}

/** What is lost in the end is found by Shopbell's own sweep. */
async function send(address: string, secret: string, body: string, logger: any) {
  for (let again = 1; ; again++) {
    const seconds = Math.floor(Date.now() / 1000)
    const tag = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json", "x-shopbell-signature": `t=${seconds},v1=${tag}` },
        body,
        redirect: "error",
        signal: AbortSignal.timeout(10_000),
      })
      if (answer.ok) return
      throw new Error(`answered ${answer.status}`)
    } catch (error) {
      if (again === TRIES) return logger.warn(`Shopbell was not told: ${(error as Error).message}`)
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** again))
    }
  }
}
