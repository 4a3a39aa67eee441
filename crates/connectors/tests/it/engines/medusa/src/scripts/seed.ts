// A small shop: three regions (EUR with two decimals, JPY with none, KWD with three), four products, one customer.
import {
  createApiKeysWorkflow,
  createCustomersWorkflow,
  createInventoryLevelsWorkflow,
  createProductsWorkflow,
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createTaxRegionsWorkflow,
  createUsersWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} from "@medusajs/medusa/core-flows"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { writeFileSync } from "node:fs"

const COUNTRIES = ["de", "no", "jp", "kw"]

const price = (eur: number, jpy: number, kwd: number) => [
  { currency_code: "eur", amount: eur },
  { currency_code: "jpy", amount: jpy },
  { currency_code: "kwd", amount: kwd },
]

export default async function seed({ container }) {
  const link = container.resolve(ContainerRegistrationKeys.LINK)
  const fulfilment = container.resolve(Modules.FULFILLMENT)
  const stores = container.resolve(Modules.STORE)

  const { result: channels } = await createSalesChannelsWorkflow(container).run({
    input: { salesChannelsData: [{ name: "Shop" }] },
  })
  const channel = channels[0]
  const [store] = await stores.listStores()
  await updateStoresWorkflow(container).run({
    input: {
      selector: { id: store.id },
      update: {
        name: "Fjellvik",
        supported_currencies: [
          { currency_code: "eur", is_default: true },
          { currency_code: "jpy" },
          { currency_code: "kwd" },
        ],
        default_sales_channel_id: channel.id,
      },
    },
  })

  await createRegionsWorkflow(container).run({
    input: {
      regions: [
        ["Europe", "eur", ["de", "no"]],
        ["Japan", "jpy", ["jp"]],
        ["Kuwait", "kwd", ["kw"]],
      ].map(([name, currency_code, countries]) => ({
        name: name as string,
        currency_code: currency_code as string,
        countries: countries as string[],
        payment_providers: ["pp_system_default"],
      })),
    },
  })
  await createTaxRegionsWorkflow(container).run({
    input: COUNTRIES.map((country_code) => ({
      country_code,
      provider_id: "tp_system",
      ...(country_code === "no" ? { default_tax_rate: { name: "MVA", code: "mva", rate: 25 } } : {}),
    })),
  })

  const { result: locations } = await createStockLocationsWorkflow(container).run({
    input: { locations: [{ name: "Warehouse", address: { city: "Berlin", country_code: "DE", address_1: "" } }] },
  })
  const location = locations[0]
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_provider_id: "manual_manual" },
  })
  const { result: profiles } = await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: "Default", type: "default" }] },
  })
  const profile = profiles[0]
  const set = await fulfilment.createFulfillmentSets({
    name: "Delivery",
    type: "shipping",
    service_zones: [
      { name: "World", geo_zones: COUNTRIES.map((country_code) => ({ country_code, type: "country" as const })) },
    ],
  })
  await link.create({
    [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
    [Modules.FULFILLMENT]: { fulfillment_set_id: set.id },
  })
  const option = (name: string, is_return: boolean) => ({
    name,
    price_type: "flat" as const,
    provider_id: "manual_manual",
    service_zone_id: set.service_zones[0].id,
    shipping_profile_id: profile.id,
    type: { label: name, description: name, code: name.toLowerCase() },
    prices: is_return ? price(0, 0, 0) : price(4.9, 600, 1.5),
    rules: [
      { attribute: "enabled_in_store", value: is_return ? "false" : "true", operator: "eq" as const },
      { attribute: "is_return", value: is_return ? "true" : "false", operator: "eq" as const },
    ],
  })
  await createShippingOptionsWorkflow(container).run({ input: [option("Parcel", false), option("Return", true)] })
  await linkSalesChannelsToStockLocationWorkflow(container).run({ input: { id: location.id, add: [channel.id] } })

  const product = (title: string, handle: string, sizes: string[], prices: ReturnType<typeof price>) => ({
    title,
    handle,
    status: "published" as const,
    shipping_profile_id: profile.id,
    thumbnail: `https://pictures.example/${handle}.jpg`,
    tags: [],
    options: [{ title: "Size", values: sizes }],
    variants: sizes.map((size) => ({
      title: size,
      sku: `${handle.toUpperCase()}-${size.toUpperCase()}`,
      options: { Size: size },
      prices,
    })),
    sales_channels: [{ id: channel.id }],
  })
  await createProductsWorkflow(container).run({
    input: {
      products: [
        product("Wool sweater", "sweater", ["S", "M", "L"], price(89.9, 14000, 29.125)),
        product("Spruce mug", "mug", ["One"], price(12.5, 1900, 4.25)),
        product("Beanie", "beanie", ["One"], price(19.99, 3200, 6.505)),
        product("Card", "card", ["One"], price(0.01, 1, 0.001)),
      ],
    },
  })
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: items } = await query.graph({ entity: "inventory_item", fields: ["id"] })
  await createInventoryLevelsWorkflow(container).run({
    input: {
      inventory_levels: items.map((item) => ({
        location_id: location.id,
        stocked_quantity: 100_000,
        inventory_item_id: item.id,
      })),
    },
  })

  await createCustomersWorkflow(container).run({
    input: { customersData: [{ email: "nora@example.com", first_name: "Nora", last_name: "Berg", phone: "+4791234567" }] },
  })
  const { result: users } = await createUsersWorkflow(container).run({ input: { users: [{ email: "owner@example.com" }] } })
  const { result: keys } = await createApiKeysWorkflow(container).run({
    input: {
      api_keys: [
        { title: "Storefront", type: "publishable", created_by: users[0].id },
        { title: "Shopbell", type: "secret", created_by: users[0].id },
      ],
    },
  })
  await linkSalesChannelsToApiKeyWorkflow(container).run({ input: { id: keys[0].id, add: [channel.id] } })
  writeFileSync(process.env.SEEDED!, JSON.stringify({ publishable: keys[0].token, secret: keys[1].token }))
}
