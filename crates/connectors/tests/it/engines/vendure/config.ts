import { LanguageCode, PaymentMethodHandler, VendureConfig } from "@vendure/core"
import { Shopbell } from "./shopbell"

/** Takes the money at once and gives it back at once, as a card would. `{"hold": true}` only promises it. */
const card = new PaymentMethodHandler({
  code: "card",
  description: [{ languageCode: LanguageCode.en, value: "Card" }],
  args: {},
  createPayment: (_ctx, _order, amount, _args, metadata) => ({
    amount,
    state: metadata.hold ? ("Authorized" as const) : ("Settled" as const),
    transactionId: `card-${amount}`,
  }),
  settlePayment: () => ({ success: true }),
  createRefund: () => ({ state: "Settled" as const, transactionId: "back" }),
})

export const config: VendureConfig = {
  apiOptions: { port: Number(process.env.PORT), hostname: "127.0.0.1", adminApiPath: "admin-api", shopApiPath: "shop-api" },
  authOptions: {
    tokenMethod: ["bearer", "api-key"],
    superadminCredentials: { identifier: "superadmin", password: "only-for-tests" },
    cookieOptions: { secret: "only-for-tests" },
    requireVerification: false,
  },
  dbConnectionOptions: {
    // SQLite as WebAssembly, so that nothing has to be compiled. It lives in memory: the file is only read.
    type: "sqljs",
    location: process.env.DATABASE_FILE,
    autoSave: false,
    synchronize: process.env.SEEDED !== undefined,
  },
  paymentOptions: { paymentMethodHandlers: [card] },
  customFields: {},
  plugins: [Shopbell],
}
