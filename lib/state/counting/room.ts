/** Whether a limit has room for a weight. What weighs nothing needs none. */
export function hasRoom(used: number, weight: number, limit: number): boolean {
  return weight === 0 || used + weight <= limit;
}
