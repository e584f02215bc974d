/** What the operating system says of proxies: its settings, a proxy script, or one that the network announces (WPAD). */
export interface SystemProxy {
  /** The ways to an address in a proxy script's words: `PROXY proxy.example:3128; DIRECT`. */
  resolve(url: string): Promise<string>;
}
