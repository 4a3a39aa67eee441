// A small shop: four products, one customer, taxes of 20 %, and a key for Shopbell.
import { bootstrap, JobQueueService, LanguageCode } from "@vendure/core"
import { populate } from "@vendure/core/cli"
import { writeFileSync } from "node:fs"
import { DataSource } from "typeorm"
import { config } from "./config"

const shop = {
  defaultLanguage: LanguageCode.en,
  defaultZone: "Europe",
  taxRates: [{ name: "Standard", percentage: 20 }],
  shippingMethods: [{ name: "Parcel", price: 490 }],
  paymentMethods: [{ name: "Card", handler: { code: "card", arguments: [] } }],
  collections: [],
  countries: [
    { code: "DE", name: "Germany", zone: "Europe" },
    { code: "NO", name: "Norway", zone: "Europe" },
  ],
}

const address = `http://127.0.0.1:${process.env.PORT}/admin-api`

async function seed() {
  const app = await populate(() => bootstrap(config), shop, "products.csv")
  let token = ""
  const ask = async (query: string, variables: object = {}) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: token && `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    })
    token = answer.headers.get("vendure-auth-token") ?? token
    const { data, errors } = (await answer.json()) as any
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }
  await ask('mutation { login(username: "superadmin", password: "only-for-tests") { __typename } }')
  const { activeChannel } = await ask("{ activeChannel { id } }")
  await ask(
    `mutation ($id: ID!) { updateChannel(input: { id: $id, defaultCurrencyCode: EUR, availableCurrencyCodes: [EUR],
       pricesIncludeTax: true, token: "fjellvik" }) { __typename } }`,
    { id: activeChannel.id },
  )
  await ask(
    `mutation { createCustomer(input: { firstName: "Nora", lastName: "Berg", emailAddress: "nora@example.com",
       phoneNumber: "+4791234567" }, password: "only-for-tests") { __typename } }`,
  )
  const { roles } = await ask("{ roles { items { id code } } }")
  const owner = roles.items.find((role: any) => role.code === "__super_admin_role__").id
  const { createRole } = await ask(
    `mutation { createRole(input: { code: "shopbell", description: "Shopbell", permissions: [ReadOrder, UpdateOrder,
       ReadCustomer, ReadProduct, ReadPromotion, CreatePromotion, ReadSettings, UpdateSettings] }) { id } }`,
  )
  const key = async (role: string) =>
    (
      await ask(
        `mutation ($role: ID!) { createApiKey(input: { roleIds: [$role],
           translations: [{ languageCode: en, name: "Shopbell" }] }) { apiKey } }`,
        { role },
      )
    ).createApiKey.apiKey
  const ownerKey = await key(owner)
  const shopbellKey = await key(createRole.id)
  await (app.get(DataSource) as any).sqljsManager.saveDatabase(process.env.DATABASE_FILE)
  writeFileSync(process.env.SEEDED!, JSON.stringify({ owner: ownerKey, key: shopbellKey }))
  process.exit(0)
}

seed().catch((error) => {
  console.error(error)
  process.exit(1)
})
