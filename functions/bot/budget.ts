/** A push that may be made: it counts until it is given back. */
export interface Reservation {
  /** LINE has it, or may have it. */
  spend(): void
  giveBack(): void
}

export interface Budget {
  /** Undefined when the budget is used up, or LINE does not tell. Never rejects. */
  reserve(): Promise<Reservation | undefined>
}

export interface BudgetOptions {
  /** `Bot.spec.push.monthlyBudget`. */
  readonly monthly: number
  /** Messages that LINE counted this month, whoever sent them. */
  readonly consumption: () => Promise<number>
  readonly now: () => Date
}

/**
 * LINE's own count decides, so nothing is stored and pods need not know of each other: each may be behind by what the
 * others are pushing at this moment. LINE's count lags, so what this pod pushed is remembered for the month.
 */
export function makeBudget({ monthly, consumption, now }: BudgetOptions): Budget {
  let month = ''
  let least = 0
  let open = 0
  return {
    async reserve() {
      if (monthly === 0) return undefined
      const counted = await consumption().catch(() => Number.POSITIVE_INFINITY)
      if (month !== monthOf(now())) least = 0
      month = monthOf(now())
      if (Number.isFinite(counted)) least = Math.max(least, counted)
      if (Math.max(least, counted) + open >= monthly) return undefined
      open += 1
      return {
        spend: () => {
          open -= 1
          least += 1
        },
        giveBack: () => {
          open -= 1
        },
      }
    },
  }
}

/** LINE's months are Japan's. */
const monthOf = (time: Date) => new Date(time.getTime() + 9 * 3600_000).toISOString().slice(0, 7)
