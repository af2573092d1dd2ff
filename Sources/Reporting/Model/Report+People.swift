extension Report {
    /// What became of the people: one of them is one intent.
    package struct People: Codable, Sendable {
        /// By class; empty where only counts are known.
        package var classes: [String: PeopleFigures] = [:]
        /// By phase of arrival, in order of time.
        package var phases: [PeoplePhase] = []
        /// P(got in | genuine) / P(got in | noise) over the whole run; 1 when both fare alike.
        @Nullable package var selectivity: Double?
        /// A 95 % interval of it (Katz et al., 1978).
        @Nullable package var selectivityCI: [Double]?
        /// Genuine people beside noise, over the run.
        package var crowdingOut = CrowdingOut()
        /// Reviews on the store's page; nil where the server did not count them.
        @Nullable package var reviews: StoreReviews?
        /// Nobody.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case classes, phases, selectivity, reviews
            case selectivityCI = "selectivity_ci"
            case crowdingOut = "crowding_out"
        }
    }

    /// One class of people; how they ended adds up to `people`.
    package struct PeopleFigures: Codable, Sendable {
        /// People who arrived.
        package var people = 0
        /// They got in and nothing had to be repeated; nil where tries are not known.
        @Nullable package var inFirstTry: Int?
        /// They got in after a retry of their app's or a press of their own; nil likewise.
        @Nullable package var inLater: Int?
        /// They got in: the two together.
        package var accepted = 0
        /// They were told no for good.
        package var rejected = 0
        /// They lost patience.
        package var gaveUp = 0
        /// Their app ran out of tries.
        package var failed = 0
        /// The generator never started them.
        package var dropped = 0
        /// The run ended while they waited.
        package var unfinished = 0
        /// Who got in on the first try, the second and so on; the tenth place holds later ones.
        @Nullable package var tries: [Int]?
        /// Transfers made for them.
        @Nullable package var attempts: Int?
        /// Of which their app made again by itself.
        @Nullable package var retries: Int?
        /// Times they pressed again.
        @Nullable package var presses: Int?
        /// What the app's retries multiply the load by: attempts / first attempts.
        @Nullable package var appAmplification: Double?
        /// What pressing again multiplies it by: (people + presses) / people who began.
        @Nullable package var personAmplification: Double?
        /// Attempts per person who began.
        @Nullable package var attemptsPerPerson: Double?
        /// Seconds after which that share of all had got in; nil where so many never did.
        package var timeToSuccess = SuccessTimes()
        /// How the share of those who got in grew with the time since arrival.
        package var curve: [CurvePoint] = []
        /// Nobody.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case people, accepted, rejected, failed, dropped, unfinished, tries, attempts, retries
            case presses, curve
            case inFirstTry = "in_first_try"
            case inLater = "in_later"
            case gaveUp = "gave_up"
            case appAmplification = "app_amplification"
            case personAmplification = "person_amplification"
            case attemptsPerPerson = "attempts_per_person"
            case timeToSuccess = "time_to_success"
        }
    }

    /// Seconds after which a share of all people had got in.
    package struct SuccessTimes: Codable, Sendable {
        /// Half of them.
        @Nullable package var p50: Double?
        /// Nine in ten.
        @Nullable package var p90: Double?
        /// 99 in 100.
        @Nullable package var p99: Double?
        /// Not known.
        package init() {}
    }

    /// A moment of a curve of success.
    package struct CurvePoint: Codable, Sendable {
        /// Seconds since arrival.
        package var t: Double
        /// People still waiting just before.
        package var waiting: Int
        /// The share that had got in by then (Aalen-Johansen), 0 to 1.
        package var share: Double
        /// A 95 % interval of it.
        @Nullable package var ci: [Double]?
        /// The share that would have, had nobody lost patience (1 - Kaplan-Meier).
        package var ifPatient: Double
        /// A 95 % interval of it (Greenwood).
        @Nullable package var ifPatientCI: [Double]?
        /// A moment.
        package init(
            t: Double, waiting: Int, share: Double, ci: [Double]?, ifPatient: Double,
            ifPatientCI: [Double]?
        ) {
            self.t = t
            self.waiting = waiting
            self.share = share
            self._ci = Nullable(wrappedValue: ci)
            self.ifPatient = ifPatient
            self._ifPatientCI = Nullable(wrappedValue: ifPatientCI)
        }

        enum CodingKeys: String, CodingKey {
            case t, waiting, share, ci
            case ifPatient = "if_patient"
            case ifPatientCI = "if_patient_ci"
        }
    }

    /// The people who arrived in one phase.
    package struct PeoplePhase: Codable, Sendable {
        /// The phase's name.
        package var name: String
        /// Its start and end in wall seconds.
        package var t: [Double]
        /// By class; curves have at most 20 points here.
        package var classes: [String: PeopleFigures]
        /// P(got in | genuine) / P(got in | noise).
        @Nullable package var selectivity: Double?
        /// A 95 % interval of it.
        @Nullable package var selectivityCI: [Double]?
        /// A phase.
        package init(name: String, t: [Double], classes: [String: PeopleFigures]) {
            self.name = name
            self.t = t
            self.classes = classes
        }

        enum CodingKeys: String, CodingKey {
            case name, t, classes, selectivity
            case selectivityCI = "selectivity_ci"
        }
    }

    /// Genuine people beside noise, over the run.
    package struct CrowdingOut: Codable, Sendable {
        /// Seconds of wall time that a row covers: a minute where the run lasts an hour.
        package var rowSeconds = 1
        /// At most 60, in order of time.
        package var rows: [CrowdingRow] = []
        /// Nothing known.
        package init() {}

        enum CodingKeys: String, CodingKey {
            case rows
            case rowSeconds = "row_seconds"
        }
    }

    /// One stretch of the run.
    package struct CrowdingRow: Codable, Sendable {
        /// Its start in wall seconds.
        package var t: Double
        /// The same in story seconds.
        package var story: Double
        /// Genuine people who arrived in it.
        package var genuineArrived = 0
        /// Of whom got in, whenever that was.
        package var genuineIn = 0
        /// The one as a share of the other.
        @Nullable package var genuineShare: Double?
        /// Genuine intents that the server accepted in it.
        package var acceptedGenuine = 0
        /// Noise that the server accepted in it.
        package var acceptedNoise = 0
        /// Noise's share of what it accepted.
        @Nullable package var noiseShare: Double?
        /// Reviews posted in it.
        @Nullable package var reviews: Int?
        /// The average of their stars.
        @Nullable package var stars: Double?
        /// The average of all stars so far.
        @Nullable package var starsAverage: Double?
        /// A stretch in which nothing has happened.
        package init(t: Double, story: Double) {
            self.t = t
            self.story = story
        }

        enum CodingKeys: String, CodingKey {
            case t, story, reviews, stars
            case genuineArrived = "genuine_arrived"
            case genuineIn = "genuine_in"
            case genuineShare = "genuine_share"
            case acceptedGenuine = "accepted_genuine"
            case acceptedNoise = "accepted_noise"
            case noiseShare = "noise_share"
            case starsAverage = "stars_average"
        }
    }

    /// Reviews on the store's page at the run's end.
    package struct StoreReviews: Codable, Sendable {
        /// How many.
        package var count: Int
        /// The average of their stars.
        @Nullable package var average: Double?
        /// Reviews.
        package init(count: Int, average: Double?) {
            self.count = count
            self._average = Nullable(wrappedValue: average)
        }
    }
}
