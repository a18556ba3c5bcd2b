#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/printable.hpp>
#include <kvt/core/run_log.hpp>
#include <kvt/core/text_file.hpp>

#include <cstdio>

namespace kvt::inline KVT_ABI {

KVT_DECL run_log::run_log(std::string path, log_level least) : path_{std::move(path)}, least_{least} {
    if (!path_.empty()) write_file(path_, {});
}

KVT_DECL void run_log::write(log_level level, std::string_view text, std::string_view utc_time) const {
    if (path_.empty() || level < least_) return;
    static constexpr std::string_view names[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
    std::string line{utc_time};
    (line += ' ') += names[static_cast<std::size_t>(level)];
    line += ' ';
    line += printable(text);
    line += '\n';
    auto* file = std::fopen(path_.c_str(), "ab");
    bool const written = file != nullptr && std::fwrite(line.data(), 1, line.size(), file) == line.size();
    if ((file != nullptr && std::fclose(file) != 0) || !written)
        throw error{error_kind::io, path_, "the log cannot be written"};
}

}  // namespace kvt::inline KVT_ABI
