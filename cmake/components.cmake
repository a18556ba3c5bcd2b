# The components: one per folder of include/kvt. USES names the folders it includes (always on lower floors, see
# docs/architecture.md); NEEDS names what its headers and definitions take from outside (cmake/kvtDependencies.cmake).
# A shape test checks USES and NEEDS against the includes.
#
# kvt_component(<folder> [USES <folder>...] [NEEDS <dependency>...])

kvt_component(core NEEDS boost openssl simdjson threads)
kvt_component(exec USES core NEEDS threads)
kvt_component(config USES core NEEDS yaml-cpp mustache openssl)
kvt_component(store USES core NEEDS sqlite3)
kvt_component(report USES core NEEDS openssl)
kvt_component(numeric USES core NEEDS eigen)
kvt_component(text USES core NEEDS pcre2)
kvt_component(tensor USES core NEEDS simdjson)
kvt_component(net USES core NEEDS boost openssl threads)
kvt_component(data USES core exec config store numeric text NEEDS simdjson)
kvt_component(eval USES core text)
kvt_component(model USES core exec numeric tensor text NEEDS eigen)
kvt_component(quant USES core exec numeric tensor)
kvt_component(trace USES core exec numeric)
kvt_component(cache USES core exec model numeric quant)
kvt_component(analysis USES core exec data eval numeric store NEEDS range-v3)
kvt_component(engine USES core exec cache config data model net numeric text NEEDS simdjson threads)
kvt_component(harness USES core exec config store report numeric text data eval model cache analysis engine
              NEEDS range-v3 fmt threads)
kvt_component(scaling USES core exec config store report numeric data model analysis NEEDS eigen threads)
