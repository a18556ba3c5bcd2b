#pragma once

#include <kvt/core/progress.hpp>

#include <chrono>
#include <unistd.h>

namespace kvt::inline KVT_ABI {

KVT_DECL double monotonic_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

KVT_DECL progress_meter::progress_meter(progress_style style, std::FILE* stream, double lines_every_s)
    : style_{style}, stream_{stream}, lines_every_s_{lines_every_s} {
    if (style_ == progress_style::automatic)
        style_ = ::isatty(::fileno(stream)) == 1 ? progress_style::bar : progress_style::lines;
}

KVT_DECL void progress_meter::say(std::string_view line) const {
    if (style_ == progress_style::silent) return;
    std::fprintf(stream_, style_ == progress_style::bar ? "\r\033[K%.*s\n" : "%.*s\n", static_cast<int>(line.size()),
                 line.data());
    std::fflush(stream_);
}

KVT_DECL progress_meter::task::task(progress_meter const& meter, std::string title, std::uint64_t total,
                                    std::string unit)
    : meter_{meter}, title_{std::move(title)}, unit_{std::move(unit)}, total_{total}, started_{monotonic_seconds()} {
    if (meter.style_ == progress_style::lines) drawn_ = started_;
    draw(false);
}
KVT_DECL progress_meter::task::~task() { draw(true); }
KVT_DECL void progress_meter::task::advance(std::uint64_t steps) {
    done_ += steps;
    draw(false);
}
KVT_DECL void progress_meter::task::note(std::string_view text) { note_ = text; }

namespace detail {
KVT_DECL std::string spell_duration(double seconds) {
    char text[32];
    auto const whole = static_cast<long>(seconds + 0.5);
    if (whole >= 3600) std::snprintf(text, sizeof text, "%ldh%02ldm", whole / 3600, whole / 60 % 60);
    else if (whole >= 60) std::snprintf(text, sizeof text, "%ldm%02lds", whole / 60, whole % 60);
    else std::snprintf(text, sizeof text, "%.1fs", seconds);
    return text;
}
}  // namespace detail

KVT_DECL void progress_meter::task::draw(bool last) {
    if (meter_.style_ == progress_style::silent) return;
    double const now = monotonic_seconds(), spent = now - started_;
    std::uint64_t const counted = done_ < total_ ? done_ : total_;  // more may be done than was announced
    auto const part = [&](std::uint64_t of) { return total_ > 0 ? counted * of / total_ : 0; };
    if (meter_.style_ == progress_style::bar) {
        if (!last && now - drawn_ < 0.1) return;
        drawn_ = now;
    } else {  // plain lines: the start is silent, then every tenth of the work that takes its time, then the end
        auto const tenths = static_cast<unsigned>(part(10));
        bool const early = now - drawn_ < meter_.lines_every_s_;
        if (!last && (total_ == 0 || tenths == reported_tenths_ || tenths >= 10 || early)) return;
        reported_tenths_ = tenths, drawn_ = now;
    }
    double const rate = spent > 0 ? static_cast<double>(done_) / spent : 0;
    std::string line = title_ + "  ";
    if (total_ > 0 && meter_.style_ == progress_style::bar) {
        auto const filled = static_cast<std::size_t>(part(24));
        line += "[" + std::string(filled, '#') + std::string(24 - filled, '.') + "]  ";
    }
    line +=
        std::to_string(done_) + (total_ > 0 ? "/" + std::to_string(total_) : "") + (unit_.empty() ? "" : " " + unit_);
    char text[64];
    std::snprintf(text, sizeof text, "  %.1f/s", rate);
    if (done_ > 0) line += text;
    if (last) line += "  " + detail::spell_duration(spent);
    else if (total_ > 0 && done_ > 0 && rate > 0)
        line += "  " + detail::spell_duration(static_cast<double>(total_ - counted) / rate) + " left";
    if (!note_.empty()) line += "  " + note_;
    std::fprintf(meter_.stream_, meter_.style_ == progress_style::bar ? (last ? "\r\033[K%s\n" : "\r\033[K%s") : "%s\n",
                 line.c_str());
    std::fflush(meter_.stream_);
}

}  // namespace kvt::inline KVT_ABI
