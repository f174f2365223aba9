import { hearSignals } from './stop.ts'

/**
 * For a function's first line, before anything that takes time: in a pod, Node is PID 1, which drops every signal that
 * nobody listens for, and a pod that was told to go while it started would stay for its whole grace, minutes.
 */
hearSignals()
