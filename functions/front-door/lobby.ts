import type { Share } from './room.ts'

/** A share of the lobby for who comes in; `pushedOut` is called when it is taken back. */
export type Lobby = (pushedOut: () => void) => Share

/**
 * Bounds the bytes of what nobody has verified yet. Whoever comes gets in, and who has been there longest has to go:
 * LINE's own webhooks stay for milliseconds, so a stranger who stays makes room for them in the end.
 */
export function makeLobby(maxBytes: number): Lobby {
  const inside = new Set<{ readonly leave: () => void; readonly pushedOut: () => void }>()
  let used = 0

  const makeRoom = (bytes: number) => {
    for (const oldest of inside) {
      if (used + bytes <= maxBytes) return
      oldest.leave()
      oldest.pushedOut()
    }
  }

  return (pushedOut) => {
    let own = 0
    const leave = () => {
      inside.delete(visit)
      used -= own
      own = 0
    }
    const visit = { leave, pushedOut }
    inside.add(visit)
    return {
      take(bytes) {
        makeRoom(bytes)
        if (!inside.has(visit)) return false
        used += bytes
        own += bytes
        return true
      },
      free: leave,
    }
  }
}
