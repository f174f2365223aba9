/** What doctor says about one thing. */
export interface Finding {
  /** The check that found it. */
  readonly check: string
  /** `Unknown`: it could not be looked at, or nobody can tell; it makes no bad end. */
  readonly status: 'Good' | 'Bad' | 'Unknown'
  readonly message: string
  /** The one command or click that mends it. */
  readonly todo?: string
}

/** Makes the findings of one check. */
export const findings = (check: string) => ({
  good: (message: string): Finding => ({ check, status: 'Good', message }),
  bad: (message: string, todo: string): Finding => ({ check, status: 'Bad', message, todo }),
  unknown: (message: string, todo?: string): Finding => ({
    check,
    status: 'Unknown',
    message,
    ...(todo !== undefined && { todo }),
  }),
})

export const again = 'kubectl apply -f linebot.yaml'
