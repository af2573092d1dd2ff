extension RunRecord {
    /// The same record without what the server said of itself: its samples, its store's rows, its
    /// settings, and the capacity it measured.
    package var clientOnly: RunRecord {
        var record = self
        record.server = []
        record.reconciliation = nil
        record.closing?.capacityMeasured = nil
        record.manifest.intakeSettings = nil
        return record
    }
}
