import Primitives
package import Probes

/// The intake's metrics under the names that diagnosis reads, whatever server they come from.
package enum IntakeMetrics {
    private static let names = [
        "intake_review_backlog": "review_backlog",
        "intake_review_oldest_seconds": "review_oldest_age",
        "intake_accepted_total": "accepted_total",
        "intake_reviewed_total": "reviewed_total",
        "intake_page_reviews_total": "page_reviews_total",
        "intake_page_stars_total": "page_stars_total",
        "intake_queue_depth": "queue_depth",
        "intake_workers_busy": "workers_busy",
        "intake_workers": "workers_max",
        "intake_in_progress": "in_progress",
        "intake_connections": "connections",
        "intake_spool_bytes": "spool_bytes",
        "intake_spool_free_bytes": "spool_free_bytes",
        "intake_stored_rows": "stored_rows",
        "intake_sync_seconds_total": "sync_seconds_total",
        "intake_shed_total": "shed_total",
        "intake_limited_total": "limited_total",
        "intake_database_busy": "database_busy",
        "intake_database_waiting": "database_waiting",
        "intake_database_connections": "database_connections",
    ]

    /// The same figures under the names that probes give them on any server.
    private static let schema = [
        "queue_depth": "app.queue_depth", "workers_busy": "app.workers_busy",
        "workers_max": "app.workers_max", "shed_total": "app.shed",
        "limited_total": "app.limited", "database_busy": "app.db_pool_busy",
        "database_waiting": "app.db_pool_waiting", "database_connections": "app.db_pool_max",
        "spool_free_bytes": "app.free_bytes", "sync_seconds_total": "app.sync_s",
    ]

    /// The same as figures of a page, for an intake that somebody else started.
    package static let figures: [PrometheusProbe.Figure] = names.sorted { $0.key < $1.key }
        .flatMap { theirs, ours in
            [ours, schema[ours]].compactMap { name in
                guard let name, let selector = MetricSelector(theirs) else { return nil }
                return PrometheusProbe.Figure(selector: selector, name: name)
            }
        }

    /// The figures we know, renamed; requests by route and status are left out, being many.
    package static func renamed(_ values: [String: Double]) -> [String: Double] {
        var result: [String: Double] = [:]
        for (name, value) in values {
            guard let known = self.names[name] else { continue }
            result[known] = value
            if let common = self.schema[known] { result[common] = value }
        }
        return result
    }
}
