/** Bounds on what reading one source may cost. Sizes are bytes. */
export interface SourceLimits {
  /** One file, wherever it stands. */
  readonly fileSize: number;
  /** Length of one path inside a source, in UTF-16 units. */
  readonly pathLength: number;
  /** Files and folders of a folder, all levels together. */
  readonly folderEntries: number;
  /** Folders inside one another, below the source. */
  readonly folderDepth: number;
  /** A zip as it is stored. */
  readonly archiveSize: number;
  readonly archiveEntries: number;
  /** All entries of a zip together, inflated. */
  readonly inflatedSize: number;
  /** Inflated to stored size of one entry. */
  readonly inflationRatio: number;
  /** Inflated size up to which an entry's ratio does not matter: short texts may repeat themselves. */
  readonly unratedSize: number;
}

const MiB = 1024 * 1024;

export const defaultSourceLimits: SourceLimits = {
  fileSize: 16 * MiB,
  pathLength: 1024,
  folderEntries: 100_000,
  folderDepth: 64,
  archiveSize: 64 * MiB,
  archiveEntries: 10_000,
  inflatedSize: 32 * MiB,
  inflationRatio: 100,
  unratedSize: MiB,
};
