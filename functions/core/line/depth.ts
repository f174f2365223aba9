/** Levels of one reply; Flex needs some 20. What is deeper by far would only exhaust the stack of whoever reads it. */
export const maxDepth = 100

export function isDeeper(value: unknown, levels = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1))
}
