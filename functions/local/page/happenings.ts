/** What the rest of local mode tells the page. `service` is a Knative Service's name, which is its Bot's. */
export type LocalHappening =
  | {
      readonly kind: 'serving'
      readonly namespace: string
      readonly service: string
      /** That answer. */
      readonly pods: number
      /** On their way. */
      readonly starting?: number
    }
  /** A line that a pod wrote to stdout. */
  | { readonly kind: 'log'; readonly namespace: string; readonly service: string; readonly line: string }

export interface LocalHappenings {
  /** Calls the listener for each from now on; gives what ends that. */
  on(listener: (happening: LocalHappening) => void): () => void
}
