/** Does the work for every item, at most `atOnce` at a time. Rejects with the first failure when all have ended. */
export async function crowd<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const failures: unknown[] = []
  const workers = Array.from({ length: atOnce }, async () => {
    for (const item of waiting) await work(item).catch((error: unknown) => void failures.push(error))
  })
  await Promise.all(workers)
  if (failures.length > 0) throw failures[0]
}
