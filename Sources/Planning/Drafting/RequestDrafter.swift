import Primitives
package import Scenarios

/// Turns a step and an intent into the request that is sent; pure and deterministic.
///
/// Everything constant is prepared once, so that a draft costs a few microseconds. Draws are keyed
/// by (seed, population, intent, instruction), never by the run's id.
package struct RequestDrafter: Sendable {
    /// The seed of every draw.
    package let seed: UInt64
    let runKey: UInt64
    private let baseURL: String
    private let compiler: StepCompiler
    let compiled: [[CompiledStep]]
    private let rows: FeederRowChoice
    private let content: GeneratedContent

    /// A drafter for one run.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - runID: the salt of the idempotency keys; bodies, sizes and names do not depend on it.
    ///   - baseURL: what relative URLs are joined to.
    ///   - adminURL: what `{{ $admin }}` stands for; nil without a bundled intake.
    package init(plan: Plan, runID: String, baseURL: String, adminURL: String?) {
        self.seed = plan.seed
        self.runKey = RequestDrafter.hash(runID)
        self.baseURL = baseURL
        let compiler = StepCompiler(
            seed: plan.seed, http: plan.http, materials: plan.materials, baseURL: baseURL,
            adminURL: adminURL)
        self.compiler = compiler
        self.compiled = plan.populations.map { population in
            let captured = Set(population.steps.flatMap(\.captures).map(\.name))
            return population.steps.map {
                compiler.compile($0, population: population.index, captured: captured)
            }
        }
        self.rows = FeederRowChoice(plan.materials, seed: plan.seed)
        self.content = GeneratedContent(seed: plan.seed)
    }

    /// The request of a step.
    ///
    /// The step is looked up by the context's population and the step's index; for an event of the
    /// timeline give population -1, which compiles the step given.
    ///
    /// - Throws: `DraftError` when a variable was never captured or a feeder is empty.
    package func draft(
        _ step: StepPlan, context: DraftContext
    ) throws(DraftError) -> RequestDraft {
        let compiled: CompiledStep
        if self.compiled.indices.contains(context.population),
            self.compiled[context.population].indices.contains(step.index)
        {
            compiled = self.compiled[context.population][step.index]
        } else {
            compiled = self.compiler.compile(
                step, population: context.population, captured: Set(context.captures.keys))
        }
        var url = try self.expand(compiled.url, context)
        if compiled.joinsLate, !URLJoining.isAbsolute(url) {
            url = URLJoining.prefix(base: self.baseURL, path: url) + url
        }
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(compiled.headers.count + 2)
        for header in compiled.headers {
            headers.append((header.name, try self.expand(header.value, context)))
        }
        if let part = compiled.typedPart {
            headers.append(("Content-Type", try part.drawn(self.draws(part, context)).contentType))
        }
        if compiled.addsKey {
            let key = self.idempotencyKey(population: context.population, intent: context.intent)
            headers.append(("Idempotency-Key", key))
        }
        return RequestDraft(
            method: compiled.method, url: url, headers: headers,
            body: try compiled.body.map { pieces throws(DraftError) in
                try self.body(pieces, context)
            })
    }

    /// The idempotency key of an intent: 32 hex digits from the run, the population and the number.
    ///
    /// The server learns no class from it, and a second run against a living server is new.
    package func idempotencyKey(population: Int, intent: Int) -> String {
        let random = CounterRandom(
            seed: self.runKey, population: population, intent: intent, purpose: .key)
        return Hexadecimal.text(random.bits(0)) + Hexadecimal.text(random.bits(1))
    }

    /// The block that generated bodies are cut from, 1 MiB from the seed; shared by all uploads.
    package var sharedBlock: [UInt8] { self.content.block }

    /// FNV-1a over the text, finished by a mixer; collisions between runs are 2^-64.
    static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        return CounterRandom.mix(hash)
    }
}

// MARK: - Values

extension RequestDrafter {
    /// What an expression of a condition stands for; nil where nothing was captured.
    package func value(of expression: Template.Expression, context: DraftContext) -> String? {
        if case .environment(let name) = expression {
            return self.compiler.materials.environment[name]
        }
        return try? self.value(of: expression, 0, context)
    }

    private func expand(
        _ text: CompiledText, _ context: DraftContext
    ) throws(DraftError) -> String {
        if text.pieces.count == 1, case .literal(let whole) = text.pieces[0] { return whole }
        var result = ""
        for piece in text.pieces {
            switch piece {
            case .literal(let part): result += part
            case .missing(let reason): throw DraftError(reason)
            case .value(let expression, let draw, let encoding):
                result += encoding.value(try self.value(of: expression, draw, context))
            }
        }
        return result
    }

    private func value(
        of expression: Template.Expression, _ draw: Int, _ context: DraftContext
    ) throws(DraftError) -> String {
        switch expression {
        case .variable(let name):
            let known = context.captures[name] ?? self.compiler.materials.variables[name]
            guard let known else {
                throw DraftError("'\(name)' was never captured from a response")
            }
            return known
        case .column(let feeder, let name):
            return try self.rows.value(
                feeder: feeder, column: name, population: context.population,
                intent: context.intent)
        case .sequence:
            return String(context.intent)
        case .randomInt(let low, let high):
            guard low <= high else { throw DraftError("$randomInt \(low) \(high) has no numbers") }
            return String(
                self.random(.expression, context).integer(self.place(draw, context), in: low...high)
            )
        case .uuid:
            return self.uuid(draw, context)
        case .key:
            return self.idempotencyKey(population: context.population, intent: context.intent)
        case .environment, .admin:
            // The compiler has put these in.
            throw DraftError("a constant was not put in")
        }
    }

    /// Version 4 and variant 1 of RFC 9562, all other bits from the seed.
    private func uuid(_ draw: Int, _ context: DraftContext) -> String {
        let random = self.random(.expression, context)
        let place = self.place(draw, context)
        let high = (random.bits(place) & ~0xF000) | 0x4000
        let low = (random.bits(place + 1) & ~(0b11 << 62)) | (0b10 << 62)
        let (left, right) = (Array(Hexadecimal.text(high)), Array(Hexadecimal.text(low)))
        let groups = [left[0..<8], left[8..<12], left[12..<16], right[0..<4], right[4..<16]]
        return groups.map { String($0) }.joined(separator: "-")
    }

    private func random(_ purpose: DrawPurpose, _ context: DraftContext) -> CounterRandom {
        CounterRandom(
            seed: self.seed, population: context.population, intent: context.intent,
            purpose: purpose)
    }

    /// Where a step's draw stands among the intent's: the same step in a loop draws anew.
    private func place(_ draw: Int, _ context: DraftContext) -> Int {
        (context.instruction << 20) + draw
    }
}

// MARK: - Bodies

extension RequestDrafter {
    private func body(
        _ pieces: [CompiledStep.BodyPiece], _ context: DraftContext
    ) throws(DraftError) -> DraftBody {
        var builder = BodyBuilder()
        for piece in pieces {
            switch piece {
            case .text(let text):
                builder.append(try self.expand(text, context))
            case .part(let part):
                try self.append(part.drawn(self.draws(part, context)), to: &builder)
            }
        }
        return builder.finish()
    }

    private func append(_ part: DrawnPart, to builder: inout BodyBuilder) {
        builder.append(part.head)
        if let sends = part.sends { builder.hangUp(after: builder.length + sends) }
        switch part.bytes {
        case .none: break
        case .file(let path, let length):
            builder.append(.file(path: path, offset: 0, length: length))
        case .generated(let kind, let size, let nonce):
            self.content.append(kind, size: size, nonce: nonce, to: &builder)
        }
    }

    private func draws(_ part: CompiledPart, _ context: DraftContext) -> PartDraws {
        PartDraws(
            seed: self.seed, population: context.population, intent: context.intent,
            place: self.place(part.draw, context))
    }
}
