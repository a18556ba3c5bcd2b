// Which fault a call is refused for.
#pragma once

#include <kvt/quant/fault.hpp>

#include <support/refusal.hpp>

/// The fault's name; empty where the call was accepted.
template <class F> std::string fault_of(F&& f) {
    auto const e = error_of<kvt::quant::quant_error>(f);
    return e ? std::string{kvt::name_of(e->code())} : "";
}
