/** What one request may use of the memory that all share. */
export interface Share {
  /** False when there is no room left; nothing is taken then. */
  take(bytes: number): boolean
  free(): void
}

export type Room = () => Share

/** Bounds the bytes that all shares hold together, so that a flood ends in refusals and not in a dead process. */
export function makeRoom(maxBytes: number): Room {
  let used = 0
  return () => {
    let own = 0
    return {
      take(bytes) {
        if (used + bytes > maxBytes) return false
        used += bytes
        own += bytes
        return true
      },
      free() {
        used -= own
        own = 0
      },
    }
  }
}
