@rem npm start says "exec", so that signals reach the bot instead of a shell in between. Windows has no such word.
@%*
