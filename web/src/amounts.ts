// Numbers of things and of bytes, for people.

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? one : many}`;
}

export function bytes(amount: number): string {
  if (amount < 1000) return `${amount} B`;
  if (amount < 1_000_000) return `${(amount / 1000).toFixed(amount < 10_000 ? 1 : 0)} kB`;
  if (amount < 1e9) return `${(amount / 1e6).toFixed(1)} MB`;
  return `${(amount / 1e9).toFixed(2)} GB`;
}
