package import Measurements

/// A run in the forms that other programs read.
///
/// Figures that the report has are the report's; what it has not (percentiles of parts of requests,
/// single seconds, histograms) comes from the journal it was made of.
package struct ReportFormats: Sendable {
    /// The report.
    let report: Report
    /// What it was made of.
    let record: RunRecord

    /// The forms of a report.
    package init(_ report: Report, record: RunRecord) {
        self.report = report
        self.record = record
    }
}
