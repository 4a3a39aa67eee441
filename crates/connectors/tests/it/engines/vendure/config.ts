import { LanguageCode, PaymentMethodHandler, RandomBytesApiKeyStrategy, VendureConfig } from "@vendure/core"
import { createHash } from "node:crypto"
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

/** A key of 32 random bytes needs no slow hash, which would cost every call a quarter of a second. */
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")
const hashingStrategy = {
  hash: async (plaintext: string) => sha256(plaintext),
  check: async (plaintext: string, hash: string) => sha256(plaintext) === hash,
}

export const config: VendureConfig = {
  apiOptions: { port: Number(process.env.PORT), hostname: "127.0.0.1", adminApiPath: "admin-api", shopApiPath: "shop-api" },
  authOptions: {
    tokenMethod: ["bearer", "api-key"],
    adminApiKeyStrategy: new RandomBytesApiKeyStrategy({ hashingStrategy }),
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
