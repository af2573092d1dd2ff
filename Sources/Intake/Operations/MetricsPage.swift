import Primitives

/// The metrics in Prometheus' text format, version 0.0.4.
struct MetricsPage {
    private(set) var text = ""

    /// The page of the present state.
    init(_ services: Services) {
        let values = services.counters.snapshot
        let load = services.workers.load
        self.family("intake_requests_total", "counter", "Requests by route and status.")
        for route in Route.allCases {
            for (status, count) in (values.answered[route] ?? [:]).sorted(by: { $0.key < $1.key }) {
                self.text +=
                    "intake_requests_total{route=\"\(route.rawValue)\",status=\"\(status)\"} "
                    + "\(count)\n"
            }
        }
        for (name, help, value) in [
            ("intake_received_total", "Requests begun.", values.received),
            ("intake_accepted_total", "Submissions that became complete.", values.accepted),
            ("intake_refused_total", "Submissions refused.", values.refused),
            ("intake_duplicates_total", "Submissions whose key was known.", values.duplicates),
            ("intake_queue_full_total", "Refusals of the full queue.", values.queueFull),
            ("intake_shed_total", "Refusals by shedding.", values.shed),
            ("intake_limited_total", "Refusals by the limiter.", values.limited),
            ("intake_truncated_total", "Bodies that ended early.", values.truncated),
            ("intake_abandoned_done_total", "Work for clients gone.", values.abandonedDone),
            (
                "intake_abandoned_dropped_total", "Work given up, client gone.",
                values.abandonedDropped
            ),
            ("intake_page_reviews_total", "Reviews on the store's page.", values.pageReviews),
            ("intake_page_stars_total", "The sum of their stars.", values.pageStars),
            ("intake_body_bytes_total", "Bytes of bodies read.", values.bodyBytes),
        ] {
            self.family(name, "counter", help)
            self.text += "\(name) \(value)\n"
        }
        self.family("intake_sync_seconds_total", "counter", "Time of waiting for the disk's word.")
        self.text += "intake_sync_seconds_total \(values.syncing.seconds)\n"
        let store = services.store.load
        let review = services.reviewStatus()
        for (name, help, value) in [
            ("intake_in_progress", "Requests between head and answer.", values.inProgress),
            ("intake_queue_depth", "Units that wait for a worker.", load.depth),
            ("intake_workers_busy", "Workers at work.", load.busy),
            ("intake_workers", "Workers.", load.workers),
            ("intake_connections", "Open connections.", services.presence.count),
            ("intake_database_busy", "Requests in the store.", store.busy),
            ("intake_database_waiting", "Requests that wait for the store.", store.depth),
            ("intake_database_connections", "Requests in the store at once.", store.workers),
            ("intake_spool_bytes", "Bytes taken in the spool.", services.spool.usedBytes),
            (
                "intake_spool_free_bytes", "Bytes that the spool may still take.",
                services.spool.free(limit: services.settings.spoolLimit)
            ),
            ("intake_stored_rows", "Rows stored by this process.", values.accepted),
            ("intake_review_backlog", "Tips accepted and not reviewed.", review.backlog),
        ] {
            self.family(name, "gauge", help)
            self.text += "\(name) \(value)\n"
        }
        self.family("intake_reviewed_total", "counter", "Tips reviewed.")
        self.text += "intake_reviewed_total \(review.reviewed)\n"
        self.family("intake_review_oldest_seconds", "gauge", "Age of the oldest tip, wall time.")
        self.text += "intake_review_oldest_seconds \(review.oldestAge?.seconds ?? 0)\n"
        // The operator's own word would be the truth that is kept in a file.
        if services.truth.isSealed { return }
        self.family("intake_operator_open", "gauge", "1 while the operator lets people in.")
        self.text += "intake_operator_open \(services.operatorState == .open ? 1 : 0)\n"
    }

    private mutating func family(_ name: String, _ kind: String, _ help: String) {
        self.text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }
}
