/** What a user sent as a file: a bot gets it by its message's ID (get-content). */
export interface Content {
  readonly type: string
  readonly bytes: Buffer
}

export interface Contents {
  add(messageId: string, content: Content): void
  find(messageId: string): Content | undefined
}

/** LINE deletes contents after a while that it does not tell; here the oldest make room. */
const kept = 50

export const makeContents = (): Contents => {
  const contents = new Map<string, Content>()
  return {
    add: (messageId, content) => {
      contents.set(messageId, content)
      for (const oldest of [...contents.keys()].slice(0, -kept)) contents.delete(oldest)
    },
    find: (messageId) => contents.get(messageId),
  }
}
