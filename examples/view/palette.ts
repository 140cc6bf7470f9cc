/** Colours of the examples: a few that stay apart, and what they stand on. */
export const COLORS = {
  red: '#e4572e',
  amber: '#f2a541',
  yellow: '#f7d154',
  green: '#4fae7c',
  teal: '#2a9d9f',
  blue: '#3b7dd8',
  violet: '#7d5ba6',
  cream: '#f4ead5',
  brick: '#b4553c',
  steel: '#c9d1d9',
  iron: '#3d4550',
  wood: '#a9764a',
} as const
